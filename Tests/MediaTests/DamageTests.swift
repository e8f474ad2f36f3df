import Foundation
import Media
import Testing

/// Files of which a part is missing or wrong.
@Suite(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
struct DamageTests {
  private func cut(_ path: String, as name: String, in media: SampleMedia) throws -> String {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let short = media.path(name)
    try data.prefix(data.count * 3 / 4).write(to: URL(fileURLWithPath: short))
    return short
  }

  @Test func `a video whose index is cut off is no media`() throws {
    let media = try SampleMedia()
    let whole = try media.video("whole.mp4", FrameTimeTests.x264)
    let path = try cut(whole, as: "cut.mp4", in: media)
    #expect(throws: MediaError.notMedia(path: path)) { try MediaReader(path: path) }
    #expect(throws: MediaError.notMedia(path: path)) { try SoundReader(path: path) }
  }

  @Test(arguments: ["cut.mp4", "cut.mkv", "cut.ts", "cut.avi", "cut.webm"])
  func `a video that is cut off gives the frames that are there`(_ name: String) throws {
    let media = try SampleMedia()
    let codec = name.hasSuffix("webm") ? ["-c:v", "libvpx", "-g", "10"] : FrameTimeTests.x264
    let whole = try media.video(
      "whole-" + name, codec + ["-g", "10", "-bf", "0", "-movflags", "+faststart"])
    let path = try cut(whole, as: name, in: media)
    let reader = try MediaReader(path: path)
    let times = (0..<100).map { (Double($0) + 0.5) / 25 }
    var numbers: [Int] = []
    try reader.frames(at: times) { _, image in
      numbers.append(NumberedFrames.number(of: image) ?? -1)
    }
    try #require(numbers.count == 100)
    let last = numbers[99]
    #expect((5..<99).contains(last))
    #expect(numbers.prefix(last) == Array(0..<100).prefix(last))
    #expect(numbers.suffix(99 - last).allSatisfy { $0 == last || $0 == -1 })
    // A transport stream does not tell how long it should be, and of AVI the library does not say what it tells.
    let tells = !["cut.ts", "cut.avi"].contains(name)
    let (duration, missing) = (reader.info.duration, reader.info.missing)
    #expect(duration <= 4.05 && duration >= Double(last) / 25, "\(duration)")
    #expect(!tells || duration < Double(last + 3) / 25, "\(duration)")
    #expect(
      tells ? abs(missing - (4 - duration)) < 0.05 && missing > 0.2 : missing == 0, "\(missing)")
    #expect(try MediaReader(path: whole).info.missing == 0)
  }

  @Test func `sound that is cut off is silent from there on`() throws {
    let media = try SampleMedia()
    let whole = media.path("whole.wav")
    try media.ffmpeg(["-f", "lavfi", "-i", "anoisesrc=d=4:r=16000:a=0.5:seed=3", whole])
    let samples = try SoundReader(path: cut(whole, as: "cut.wav", in: media)).samples(0..<64_000)
    #expect(samples[47_000..<47_900].contains { $0 != 0 })
    #expect(samples[48_100...].allSatisfy { $0 == 0 })
  }

  @Test func `a video of noise alone is damaged`() throws {
    let media = try SampleMedia()
    let path = try media.video("noise.mp4", FrameTimeTests.x264 + ["-movflags", "+faststart"])
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let start = try #require(data.range(of: Data("mdat".utf8))).upperBound
    data.replaceSubrange(start..., with: Data(repeating: 0xA5, count: data.count - start))
    try data.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: MediaError.self) {
      try MediaReader(path: path).frames(at: [0, 1]) { _, _ in }
    }
    guard case .damaged(path, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.isPermanent == true)
  }

  @Test(arguments: 0..<40)
  func `flipped bits neither crash nor hang`(_ seed: Int) throws {
    let media = try SampleMedia()
    let kinds = [
      ("a.mp4", FrameTimeTests.x264 + ["-movflags", "+faststart"]), ("a.mkv", FrameTimeTests.x264),
      ("a.avi", ["-c:v", "mpeg4"]), ("a.webm", ["-c:v", "libvpx", "-deadline", "realtime"]),
    ]
    let (name, options) = kinds[seed % kinds.count]
    let path = try media.video(
      name, count: 25, size: (96, 48),
      inputs: ["-f", "lavfi", "-i", "sine=frequency=440:duration=1"], options)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var random = SeededNumbers(seed: UInt64(seed))
    for _ in 0..<(seed % 2 == 0 ? 4 : 40) {
      // Every other file is hit in its header only.
      let place = Int.random(
        in: 0..<(seed % 3 == 0 ? min(2000, bytes.count) : bytes.count), using: &random)
      bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    expectPermanentFailureAtMost {
      let reader = try MediaReader(path: path)
      #expect(reader.info.duration.isFinite && reader.info.duration >= 0)
      try reader.frames(at: [0, 0.3, 0.9, 5], width: 32, height: 32) { _, image in
        #expect(image.width == 32)
      }
    }
    expectPermanentFailureAtMost {
      let samples = try SoundReader(path: path).samples(-100..<20_000)
      #expect(samples.allSatisfy { abs($0) <= 1 })
    }
  }

  private func expectPermanentFailureAtMost(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      #expect((error as? MediaError)?.isPermanent == true, "\(error)")
    }
  }

  @Test func `a length that the file does not tell is found by reading`() throws {
    let media = try SampleMedia()
    let path = media.path("live.webm")
    let whole = try media.video("whole.webm", ["-c:v", "libvpx", "-deadline", "realtime"])
    // As a browser records: without a length and without an index.
    try media.ffmpeg(["-i", whole, "-c", "copy", "-live", "1", "-f", "webm", path])
    #expect(abs(try MediaReader(path: path).info.duration - 4) < 0.05)
    let stream = try media.video("stream.h264", FrameTimeTests.x264 + ["-bf", "0"])
    #expect(abs(try MediaReader(path: stream).info.duration - 4) < 0.05)
  }

  @Test(arguments: [0x7FE0, 0x7FF0, 0x7FF8, 0xFFF0, 0x8000])
  func `absurd times neither crash nor hang`(_ length: UInt16) throws {
    let media = try SampleMedia()
    let path = try media.video(
      "a.mkv", count: 25, size: (96, 48),
      inputs: ["-f", "lavfi", "-i", "sine=frequency=440:duration=1"], FrameTimeTests.x264)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    // The unit of all times, a million nanoseconds in 3 bytes, becomes 16 times as much, and the
    // length that the header tells an enormous or infinite number, or none.
    let unit = try #require(data.range(of: Data([0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40])))
    data.replaceSubrange(unit.lowerBound + 4..<unit.upperBound, with: Data([0xFF, 0xFF, 0xFF]))
    if let lengthPlace = data.range(of: Data([0x44, 0x89, 0x88])) {
      data.replaceSubrange(
        lengthPlace.upperBound..<lengthPlace.upperBound + 8,
        with: [UInt8(length >> 8), UInt8(length & 0xFF), 0, 0, 0, 0, 0, 0])
    }
    try data.write(to: URL(fileURLWithPath: path))
    expectPermanentFailureAtMost {
      let reader = try MediaReader(path: path)
      #expect(reader.info.duration.isFinite && reader.info.duration < 86_400)
      try reader.frames(at: [0, 3, 1e300]) { _, image in #expect(image.width == 96) }
    }
    expectPermanentFailureAtMost {
      let samples = try SoundReader(path: path).samples(0..<16_000)
      #expect(samples.count == 16_000)
    }
    expectPermanentFailureAtMost {
      try WebVideo.transcode(from: path, to: media.path("out.mp4"))
    }
  }
}
