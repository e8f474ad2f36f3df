import Annotations
import Foundation
import Media
import Testing

@testable import Inference

/// The shipped model on real files.
@Suite(.enabled(if: MadeVideo.isPossible, "skipped, needs ffmpeg"))
struct ClipAnalyzerTests {
  @Test func `A clip without a sound track is looked at, and nothing sounds`() throws {
    let video = try MadeVideo([
      "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=12:duration=2.2", "-vf",
      "scale=161:97,setsar=1", "-pix_fmt", "yuv444p",
    ])
    let prediction = try Self.analyzer.predict(path: video.path, id: ClipID("silent"))
    #expect(prediction.frames.map(\.time) == [0.5, 1.5])
    for frame in prediction.frames {
      #expect(!frame.sounding)
      #expect(frame.caption.isEmpty)
      #expect(frame.category == nil)
      #expect(frame.mask.size == [97, 161])
      #expect(try frame.mask.decoded().isEmpty)
      #expect(frame.attention?.size == [6, 10])
      #expect(frame.attention?.cells?.max() == 255)
    }
    #expect(prediction.clip.sha256 == (try ContentHash.sha256(ofFile: video.path)))
    #expect(prediction.model.name == "avuformer-lite")
    #expect(prediction.clip.format == "mp4, h264, no sound")
    #expect(prediction.run?.picture == [320, 192] && prediction.run?.configuration?.count == 64)
    #expect((prediction.run?.peakMemory ?? 0) > 10 << 20)
  }

  @Test func `A clip of one frame has one moment`() throws {
    let video = try MadeVideo([
      "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=0.04", "-frames:v", "1",
    ])
    let prediction = try Self.analyzer.predict(path: video.path, id: ClipID("one"))
    #expect(prediction.frames.count == 1)
  }

  @Test func `More moments a second do not change what a moment gives`() throws {
    let video = try MadeVideo([
      "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=10:duration=10", "-f", "lavfi", "-i",
      "anoisesrc=duration=10:amplitude=0.4",
    ])
    let one = try Self.analyzer.predict(path: video.path, id: ClipID("a"), frameRate: 1)
    let three = try Self.analyzer.predict(path: video.path, id: ClipID("a"), frameRate: 3)
    #expect(one.frames.count == 10)
    #expect(three.frames.count == 30)
    for frame in one.frames {
      let same = three.frames[3 * frame.index + 1]
      #expect(same.time == frame.time)
      #expect(same.score == frame.score)
      #expect(same.mask == frame.mask)
      #expect(same.caption == frame.caption)
    }
  }

  @Test func `Progress grows to the end`() throws {
    let video = try MadeVideo(["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=20"])
    var parts: [Double] = []
    _ = try Self.analyzer.predict(path: video.path, id: ClipID("p")) { parts.append($0) }
    #expect(parts == parts.sorted())
    #expect(parts.last == 1)
  }

  @Test func `Sound alone is refused for good`() throws {
    let video = try MadeVideo(["-f", "lavfi", "-i", "sine=duration=1"], name: "sound.wav")
    let error = #expect(throws: InferenceError.self) {
      try Self.analyzer.predict(path: video.path, id: ClipID("sound"))
    }
    #expect(error?.isPermanent == true)
  }

  static let analyzer: ClipAnalyzer = {
    do {
      return try ClipAnalyzer(modelDirectory: project + "/models/avuformer-lite", threads: 1)
    } catch {
      preconditionFailure("the shipped model cannot be loaded: \(error)")
    }
  }()

  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}

/// A real video, made by the ffmpeg program, that goes when the test ends.
final class MadeVideo {
  static let isPossible = program != nil

  private static let program: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/ffmpeg" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  let path: String

  init(_ arguments: [String], name: String = "video.mp4") throws {
    path = NSTemporaryDirectory() + "avu-\(UUID().uuidString)-\(name)"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.program ?? "")
    process.arguments = ["-v", "error", "-y"] + arguments + ["file:" + path]
    try process.run()
    process.waitUntilExit()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
