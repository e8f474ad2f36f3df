import Foundation
import Testing

@testable import Media

/// Videos for browsers.
@Suite(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
struct WebVideoTests {
  private static let sine = ["-f", "lavfi", "-i", "sine=frequency=440:duration=4"]

  private static let vp9 = [
    "-c:v", "libvpx-vp9", "-deadline", "realtime", "-pix_fmt", "yuv420p",
  ]

  @Test(
    arguments: [
      ("a.mp4", FrameTimeTests.x264 + ["-c:a", "aac"], true),
      ("b.mp4", FrameTimeTests.x264 + ["-c:a", "libmp3lame"], true),
      ("c.webm", vp9 + ["-c:a", "libopus"], true),
      ("d.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"], true),
      ("c.mkv", vp9 + ["-c:a", "libopus"], false),
      ("e.avi", ["-c:v", "mpeg4"], false),
      ("f.mp4", ["-c:v", "mpeg4", "-c:a", "aac"], false),
      ("g.mkv", FrameTimeTests.x264 + ["-c:a", "aac"], false),
      ("h.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv444p"], false),
      ("i.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p10le"], false),
      ("j.ts", FrameTimeTests.x264 + ["-c:a", "aac"], false),
      ("k.mp4", FrameTimeTests.x264 + ["-c:a", "ac3"], false),
    ] as [(String, [String], Bool)])
  func `what browsers play is known`(_ name: String, _ options: [String], _ plays: Bool) throws {
    let media = try SampleMedia()
    let path = try media.video(name, count: 10, inputs: Self.sine, options)
    #expect(WebVideo.isPlayable(try MediaReader(path: path).info) == plays)
  }

  @Test(arguments: ["mpeg4.avi", "uneven.mkv", "offset.ts", "odd.mkv", "mpeg2.mpg", "vp9.webm"])
  func `a converted video has all frames at their times`(_ name: String) throws {
    let media = try SampleMedia()
    let kind = try #require(FrameTimeTests.kinds.first { $0.name == name })
    let source = try media.video(
      name, size: kind.size, inputs: Self.sine, kind.options + ["-bf", "0"])
    let target = media.path("out.mp4")
    try WebVideo.transcode(from: source, to: target)
    let info = try MediaReader(path: target).info
    #expect(WebVideo.isPlayable(info))
    #expect(info.video?.codec == "h264" && info.audio?.codec == "aac")
    #expect(info.video?.width == kind.size.0 / 2 * 2 && info.video?.height == kind.size.1 / 2 * 2)
    let old = try SampleMedia.times(of: source)
    let new = try SampleMedia.times(of: target)
    #expect(new.count == 100)
    // ffprobe counts from where Opus' lead-in would be.
    let leadIn = name == "vp9.webm" ? 0.007 : 0
    if old.count == 100 {
      #expect(zip(old, new).allSatisfy { abs($0 - leadIn - $1) < 0.001 })
    }
    var numbers: [Int?] = []
    try MediaReader(path: target).frames(at: new) { _, image in
      numbers.append(NumberedFrames.number(of: image))
    }
    #expect(numbers == Array(0..<100))
    try expectFastStart(target)
    #expect(try FileManager.default.contentsOfDirectory(atPath: media.folder).count == 3)
  }

  private func expectFastStart(_ path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let index = try #require(data.range(of: Data("moov".utf8)))
    let content = try #require(data.range(of: Data("mdat".utf8)))
    #expect(index.lowerBound < content.lowerBound)
  }

  @Test func `sound keeps its place`() throws {
    let media = try SampleMedia()
    let source = try media.video(
      "late.mkv", inputs: ["-itsoffset", "0.7"] + SoundTests.tone(rate: 44100, channels: "TONE|0"),
      ["-c:v", "mpeg4", "-c:a", "flac"])
    let target = media.path("out.mp4")
    try WebVideo.transcode(from: source, to: target)
    #expect(try MediaReader(path: target).info.audio?.channels == 2)
    let samples = try SoundReader(path: target).samples(0..<64_000)
    let first = try #require(samples.firstIndex { abs($0) > 0.2 })
    let last = try #require(samples.lastIndex { abs($0) > 0.2 })
    #expect(abs(Double(first) / 16000 - 1.7) < 0.004, "\(first)")
    #expect(abs(Double(last) / 16000 - 2.7) < 0.004, "\(last)")
  }

  @Test func `a silent video stays silent`() throws {
    let media = try SampleMedia()
    let source = try media.video("mute.avi", count: 3, ["-c:v", "mpeg4"])
    let target = media.path("out.mp4")
    try WebVideo.transcode(from: source, to: target)
    #expect(try MediaReader(path: target).info.audio == nil)
    #expect(try SampleMedia.times(of: target).count == 3)
  }

  @Test func `a caller can paint into every frame`() throws {
    let media = try SampleMedia()
    let source = try media.video("plain.mp4", count: 20, FrameTimeTests.x264)
    let target = media.path("out.mp4")
    var times: [Double] = []
    try WebVideo.transcode(from: source, to: target) { time, image in
      times.append(time)
      image.pixels = [UInt8](repeating: 255, count: image.pixels.count)
    }
    #expect(times.count == 20)
    #expect(zip(times, 0...).allSatisfy { abs($0 - Double($1) / 25) < 0.001 })
    try MediaReader(path: target).frames(at: [0.3]) { _, image in
      #expect(image.pixels.allSatisfy { $0 > 250 })
    }
  }

  @Test func `what cannot be converted leaves nothing behind`() throws {
    let media = try SampleMedia()
    let source = media.path("song.wav")
    try media.ffmpeg(Self.sine + [source])
    let target = media.path("out.mp4")
    #expect(throws: MediaError.noVideo(path: source)) {
      try WebVideo.transcode(from: source, to: target)
    }
    let video = try media.video("plain.mp4", count: 3, FrameTimeTests.x264)
    let nowhere = media.path("no/such/folder/out.mp4")
    #expect(
      throws: MediaError.cannotWrite(path: nowhere, reason: "no such file or directory")
    ) {
      try WebVideo.transcode(from: video, to: nowhere)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: media.folder).sorted()
    #expect(names == ["frames.raw", "plain.mp4", "song.wav"])
  }

  @Test(arguments: [3, 100])
  func `a full disk is told`(_ count: Int) throws {
    let media = try SampleMedia()
    let source = try media.video("plain.avi", count: count, ["-c:v", "mpeg4"])
    // Every byte that is written there meets a full disk.
    let error = #expect(throws: MediaError.self) {
      try Transcoder(from: source, to: "/dev/full", target: "out.mp4", as: .h264).run(draw: nil)
    }
    #expect(error == .cannotWrite(path: "out.mp4", reason: "no space left on device"))
    #expect(error?.isPermanent == false)
  }

  @Test func `an unfinished file goes away, and the old one stays`() throws {
    let media = try SampleMedia()
    let target = media.path("out.mp4")
    try Data("old".utf8).write(to: URL(fileURLWithPath: target))
    func begin() throws -> String {
      let file = try UnfinishedFile(target: target)
      try Data("half".utf8).write(to: URL(fileURLWithPath: file.path))
      return file.path
    }
    #expect(try !FileManager.default.fileExists(atPath: begin()))
    #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data("old".utf8))
    let noise = media.path("noise.avi")
    try Data("no video".utf8).write(to: URL(fileURLWithPath: noise))
    #expect(throws: MediaError.notMedia(path: noise)) {
      try WebVideo.transcode(from: noise, to: target)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data("old".utf8))
    let names = try FileManager.default.contentsOfDirectory(atPath: media.folder).sorted()
    #expect(names == ["noise.avi", "out.mp4"])
  }
}
