import Foundation
import Media
import Testing

/// Where sound is on the clip's clock.
@Suite(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
struct SoundTests {
  /// Silence, a tone of 440 Hz from 1 s to 2 s, silence to 3 s.
  static func tone(rate: Int, channels: String) -> [String] {
    [
      "-f", "lavfi", "-i",
      "aevalsrc=exprs=\(channels):s=\(rate):d=3".replacing(
        "TONE", with: "0.8*sin(2*PI*440*t)*between(t\\,1\\,2)"),
    ]
  }

  @Test(
    arguments: [
      ("stereo.wav", 44100, "TONE|TONE", ["-c:a", "pcm_s16le"]),
      ("mono8k.wav", 8000, "TONE", ["-c:a", "pcm_s16le"]),
      ("float.mkv", 48000, "TONE|TONE", ["-c:a", "pcm_f32le"]),
      ("flac.mkv", 44100, "TONE|TONE", ["-c:a", "flac"]),
      ("surround.wav", 48000, "TONE|TONE|TONE|TONE|TONE|TONE", ["-c:a", "pcm_s24le"]),
      ("aac.mp4", 44100, "TONE|TONE", ["-c:a", "aac", "-b:a", "192k"]),
      ("mp3.mp3", 44100, "TONE|TONE", ["-c:a", "libmp3lame", "-b:a", "192k"]),
      ("opus.webm", 48000, "TONE|TONE", ["-c:a", "libopus", "-b:a", "128k"]),
      ("vorbis.ogg", 44100, "TONE|TONE", ["-c:a", "libvorbis", "-q:a", "6"]),
      ("opus.ogg", 48000, "TONE|TONE", ["-c:a", "libopus", "-b:a", "128k"]),
    ] as [(String, Int, String, [String])])
  func `a tone is where it was put, to the millisecond`(
    _ name: String, _ rate: Int, _ channels: String, _ options: [String]
  ) throws {
    let media = try SampleMedia()
    let path = media.path(name)
    try media.ffmpeg(Self.tone(rate: rate, channels: channels) + options + [path])
    let reader = try SoundReader(path: path)
    #expect(reader.hasSound)
    let samples = try reader.samples(-1600..<64_000)
    #expect(samples.count == 65_600)
    #expect(samples.allSatisfy { abs($0) <= 1 })
    #expect(samples[..<1600].allSatisfy { $0 == 0 })
    #expect(samples[(1600 + 52_000)...].allSatisfy { $0 == 0 })
    try expectTone(in: Array(samples[1600...]), from: 1, to: 2)
  }

  /// Fits sine and cosine of 440 Hz: the phase tells the position to a part of a millisecond, the
  /// loudness where the tone begins and ends.
  private func expectTone(in samples: [Float], from: Double, to: Double) throws {
    var sine = 0.0
    var cosine = 0.0
    let inner = Int((from + 0.1) * 16000)..<Int((to - 0.1) * 16000)
    for index in inner {
      let angle = 2 * Double.pi * 440 * (Double(index) / 16000 - from)
      sine += Double(samples[index]) * sin(angle)
      cosine += Double(samples[index]) * cos(angle)
    }
    let late = atan2(-cosine, sine) / (2 * Double.pi * 440)
    #expect(abs(late) < 0.0005, "late by \(late) s")
    let loudness = 2 * hypot(sine, cosine) / Double(inner.count)
    #expect(abs(loudness - 0.8) < 0.08, "\(loudness)")
    let first = try #require(samples.firstIndex { abs($0) > 0.4 })
    let last = try #require(samples.lastIndex { abs($0) > 0.4 })
    #expect(abs(Double(first) / 16000 - from) < 0.0025)
    #expect(abs(Double(last) / 16000 - to) < 0.0025)
  }

  @Test(arguments: ["late.mkv", "late.mp4", "late.ts"])
  func `sound that begins late is late`(_ name: String) throws {
    let media = try SampleMedia()
    let sound = media.path("tone.wav")
    try media.ffmpeg(Self.tone(rate: 48000, channels: "TONE") + [sound])
    let path = try media.video(
      name, inputs: ["-itsoffset", "0.7", "-i", sound],
      FrameTimeTests.x264 + ["-c:a", "aac", "-b:a", "160k", "-shortest"])
    let samples = try SoundReader(path: path).samples(0..<64_000)
    #expect(samples[..<10_500].allSatisfy { abs($0) < 0.05 })
    let first = try #require(samples.firstIndex { abs($0) > 0.4 })
    let last = try #require(samples.lastIndex { abs($0) > 0.4 })
    #expect(abs(Double(first) / 16000 - 1.7) < 0.004, "\(first)")
    #expect(abs(Double(last) / 16000 - 2.7) < 0.004, "\(last)")
  }

  @Test func `pieces are the same as the whole`() throws {
    let media = try SampleMedia()
    let path = media.path("noise.mp4")
    try media.ffmpeg([
      "-f", "lavfi", "-i", "anoisesrc=d=8:r=44100:a=0.5:seed=3", "-c:a", "aac", path,
    ])
    let whole = try SoundReader(path: path).samples(0..<140_000)
    let reader = try SoundReader(path: path)
    var random = SeededNumbers(seed: 3)
    var start = 0
    while start < 140_000 {
      let end = min(140_000, start + Int.random(in: 0...9000, using: &random))
      #expect(try reader.samples(start..<end) == Array(whole[start..<end]))
      start += Int.random(in: 1...6000, using: &random)
    }
  }

  @Test func `a hole in the sound is silence, and what follows keeps its place`() throws {
    let media = try SampleMedia()
    let path = media.path("hole.mkv")
    // Samples between 0.5 s and 2.5 s of noise are left out, the times of the others kept.
    try media.ffmpeg([
      "-f", "lavfi", "-i", "anoisesrc=d=4:r=16000:a=0.5:seed=3", "-af",
      "asetnsamples=n=400,aselect='not(between(t,0.5,2.49))'", "-c:a", "pcm_s16le", path,
    ])
    let samples = try SoundReader(path: path).samples(0..<64_000)
    let loud = samples.indices.filter { abs(samples[$0]) > 0.01 }
    #expect(loud.contains { $0 < 7900 } && loud.contains { $0 > 40_100 && $0 < 41_000 })
    #expect(!loud.contains { $0 > 8100 && $0 < 39_900 })
  }

  @Test func `without sound there is silence`() throws {
    let media = try SampleMedia()
    let path = try media.video("mute.mp4", count: 10, FrameTimeTests.x264)
    let reader = try SoundReader(path: path)
    #expect(!reader.hasSound)
    #expect(try reader.samples(-10..<100) == [Float](repeating: 0, count: 110))
  }

  @Test func `sound alone has a length but no picture, and cover art is none`() throws {
    let media = try SampleMedia()
    let cover = media.path("cover.png")
    try media.ffmpeg(["-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-frames:v", "1", cover])
    for (name, options) in [
      ("song.mp3", ["-map", "0", "-map", "1", "-c:v", "copy", "-id3v2_version", "3"]),
      ("voice.wav", []), ("raw.aac", ["-b:a", "64k"]),
    ] {
      let path = media.path(name)
      try media.ffmpeg(
        ["-f", "lavfi", "-i", "anoisesrc=d=3:r=44100:a=0.5:seed=3", "-i", cover] + options + [path])
      let reader = try MediaReader(path: path)
      #expect(reader.info.video == nil)
      #expect(reader.info.audio?.sampleRate == 44100)
      #expect(reader.info.audio?.channels == 1)
      #expect(abs(reader.info.duration - 3) < 0.1, "\(name): \(reader.info.duration)")
      #expect(throws: MediaError.noVideo(path: path)) { try reader.frames(at: [0]) { _, _ in } }
    }
  }
}

/// A real recording whose sound has times that jump to and fro, where Debian's package has put it.
private enum Recording {
  static let isInstalled = FileManager.default.fileExists(atPath: path("ogg"))

  static func path(_ ending: String) -> String {
    "/usr/share/forensics-samples/original-files/movie2/movie-hello.\(ending)"
  }
}

@Suite(.enabled(if: Recording.isInstalled, "skipped, needs forensics-samples-files"))
struct JumpingTimesTests {
  @Test func `sound in Ogg goes on whatever its times say`() throws {
    let loudness = try ["ogg", "avi"].map { ending in
      let samples = try SoundReader(path: Recording.path(ending)).samples(0..<128_000)
      return stride(from: 0, to: samples.count, by: 16_000).map { start in
        samples[start..<start + 16_000].reduce(0) { $0 + $1 * $1 }
      }
    }
    for (ogg, avi) in zip(loudness[0], loudness[1]) {
      #expect(ogg > 0.7 * avi && ogg < 1.4 * avi, "\(loudness)")
    }
  }
}
