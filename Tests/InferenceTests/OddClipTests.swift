import Annotations
import Foundation
import Testing

@testable import Inference

/// Clips whose picture and sound do not go together as usual.
@Suite(.enabled(if: MadeVideo.isPossible, "skipped, needs ffmpeg"))
struct OddClipTests {
  /// One way to make a clip of moving bars and noise.
  struct Kind: CustomTestStringConvertible, Sendable {
    let name: String
    var rate = 12
    var picture = 4.0
    var sound = 4.0
    var options: [String] = []
    /// The moments that are looked at.
    let moments: [Double]
    var testDescription: String { name }
  }

  static let kinds = [
    Kind(name: "one second", picture: 1, sound: 1, moments: [0.5]),
    Kind(name: "0.3 s", rate: 30, picture: 0.3, sound: 0.3, moments: [0.15]),
    Kind(name: "60 frames a second", rate: 60, moments: [0.5, 1.5, 2.5, 3.5]),
    Kind(
      name: "uneven frames",
      options: ["-vf", "select='not(between(n,3,20))+eq(n,9)'", "-vsync", "passthrough"],
      moments: [0.5, 1.5, 2.5, 3.5]),
    Kind(name: "sound ends early", sound: 1.5, moments: [0.5, 1.5, 2.5, 3.5]),
    Kind(name: "sound goes on", picture: 2, moments: [0.5, 1.5, 2.5, 3.5]),
    Kind(name: "one picture, much sound", rate: 1, picture: 1, moments: [0.5, 1.5, 2.5, 3.5]),
  ]

  @Test(arguments: kinds)
  func `Every second has its moment`(_ kind: Kind) throws {
    let video = try MadeVideo(
      [
        "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=\(kind.rate):duration=\(kind.picture)",
        "-f", "lavfi", "-i", "anoisesrc=duration=\(kind.sound):amplitude=0.4:seed=5",
      ] + kind.options + ["-c:v", "ffv1", "-c:a", "pcm_s16le"], name: "odd.mkv")
    let prediction = try ClipAnalyzerTests.analyzer.predict(path: video.path, id: ClipID("odd"))
    #expect(prediction.frames.count == kind.moments.count)
    for (frame, moment) in zip(prediction.frames, kind.moments) {
      #expect(abs(frame.time - moment) < 0.02)
      #expect(frame.mask.size == [96, 160])
      #expect((0...1).contains(frame.score))
      #expect(frame.sounding || frame.caption.isEmpty)
    }
  }

  @Test func `Where the sound has ended, nothing sounds`() throws {
    let sample = ClipAnalyzerTests.project + "/samples/piano-then-tuba/video.mp4"
    let video = try MadeVideo(["-i", sample, "-c:v", "copy", "-af", "atrim=end=3"])
    let frames = try ClipAnalyzerTests.analyzer.predict(path: video.path, id: ClipID("end")).frames
    try #require(frames.count == 8)
    #expect(frames[1].sounding)
    // From 4.5 s on all that the model hears is silence.
    #expect(frames[5...].allSatisfy { !$0.sounding })
  }

  @Test func `A sound track without a sample is silence`() throws {
    let sample = ClipAnalyzerTests.project + "/samples/piano-then-tuba/video.mp4"
    let video = try MadeVideo(
      ["-i", sample, "-t", "3", "-c:v", "copy", "-af", "atrim=end=0", "-c:a", "pcm_s16le"],
      name: "empty-sound.mkv")
    let id = try ClipID("empty-sound")
    let frames = try ClipAnalyzerTests.analyzer.predict(path: video.path, id: id).frames
    #expect(frames.count == 3)
    #expect(frames.allSatisfy { !$0.sounding })
  }

  @Test func `A picture track without a frame is refused for good`() throws {
    let video = try MadeVideo(
      [
        "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=2", "-f", "lavfi", "-i",
        "sine=duration=2", "-vf", "select=0", "-c:v", "mpeg4",
      ], name: "empty.mkv")
    let error = #expect(throws: InferenceError.self) {
      try ClipAnalyzerTests.analyzer.predict(path: video.path, id: ClipID("empty"))
    }
    #expect(error?.isPermanent == true)
  }
}
