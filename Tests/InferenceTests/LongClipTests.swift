import Annotations
import Foundation
import Testing

@testable import Inference

/// Clips that are longer than what the model looks at together.
@Suite(.enabled(if: MadeVideo.isPossible, "skipped, needs ffmpeg"))
struct LongClipTests {
  /// Frames and samples are stored as they are, with exact times, so that a part of a clip is the
  /// same as in the whole.
  private static let lossless = ["-c:v", "ffv1", "-c:a", "pcm_s16le", "-ar", "16000", "-ac", "1"]

  private static let sample = ClipAnalyzerTests.project + "/samples/piano-then-tuba/video.mp4"

  @Test func `A moment gives the same in the whole clip as in a window around it`() throws {
    let whole = try MadeVideo(["-i", Self.sample] + Self.lossless, name: "whole.nut")
    let analyzer = ClipAnalyzerTests.analyzer
    let frames = try analyzer.predict(path: whole.path, id: ClipID("whole")).frames
    try #require(frames.count == 8)
    #expect(frames.contains { !$0.caption.isEmpty })
    for start in 0...5 {
      let window = try MadeVideo(
        ["-i", whole.path, "-ss", "\(start)", "-t", "3"] + Self.lossless, name: "window.nut")
      let part = try analyzer.predict(path: window.path, id: ClipID("window")).frames
      try #require(part.count == 3)
      // The model hears half a second more than the second around a moment.
      let (inWindow, inWhole) = (part[1], frames[start + 1])
      #expect(inWindow.score == inWhole.score, "from \(start) s")
      #expect(inWindow.mask == inWhole.mask, "from \(start) s")
      #expect(inWindow.caption == inWhole.caption, "from \(start) s")
      #expect(inWindow.category == inWhole.category, "from \(start) s")
    }
  }

  @Test func `Several threads give the same as one`() throws {
    let several = try ClipAnalyzer(
      modelDirectory: ClipAnalyzerTests.project + "/models/avuformer-lite", threads: 3)
    let one = ClipAnalyzerTests.analyzer
    let id = try ClipID("threads")
    #expect(
      try several.predict(path: Self.sample, id: id, frameRate: 3).frames
        == one.predict(path: Self.sample, id: id, frameRate: 3).frames)
  }

  @Test func `Memory does not grow with the length of a clip`() throws {
    // What four minutes have more is 44 MB of pictures at the model's size, and 15 MB of sound.
    let short = try Self.mostResidentBytes(seconds: 60)
    let long = try Self.mostResidentBytes(seconds: 300)
    #expect(long - short < 12 << 20, "\(short >> 10) KiB for 60 s, \(long >> 10) KiB for 300 s")
  }

  /// The most that the process has in memory while it looks at a clip of a length.
  private static func mostResidentBytes(seconds: Int) throws -> Int {
    let clip = try MadeVideo(
      ["-stream_loop", "37", "-i", sample, "-c", "copy", "-t", "\(seconds)"], name: "long.mp4")
    var sizes: [Result<Int, any Error>] = []
    let frames = try ClipAnalyzerTests.analyzer.predict(path: clip.path, id: ClipID("long")) { _ in
      sizes.append(Result { try residentBytes() })
    }.frames
    #expect(abs(frames.count - seconds) <= 1)
    return try sizes.map { try $0.get() }.max() ?? 0
  }

  /// What the process has in memory.
  private static func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = try #require(Int(text.split(separator: " ")[1]))
    return pages * Int(getpagesize())
  }
}
