import Foundation
import Media
import Testing

@testable import Evaluation

@Suite(.enabled(if: ClipVideo.isPossible, "skipped, needs ffmpeg"))
struct DatasetValidationTests {
  private let files: TemporaryDataset

  init() throws { files = try TemporaryDataset() }

  /// A sound clip: two moments, masks of the video's size.
  private func addClip(_ name: String, id: String? = nil) throws {
    try files.addTruth(name, id: id)
    try ClipVideo.make(at: "\(files.truth)/\(name)/video.mp4")
    try addMask("\(name)/masks/00000.png", true)
    try addMask("\(name)/masks/00001.png", false)
  }

  private func addMask(_ name: String, _ isSet: Bool, width: Int = 64, height: Int = 48) throws {
    let pixels = [UInt8](repeating: isSet ? 255 : 0, count: width * height)
    try files.addMask("truth/" + name, pixels, width: width, height: height)
  }

  private func problems() throws -> [DatasetProblem] {
    DatasetValidation.problems(of: try DatasetFolder(path: files.truth))
  }

  /// The only problem of the data set.
  private func problem() throws -> String {
    let problems = try problems()
    #expect(problems.count == 1, "\(problems.map(\.problem))")
    return try #require(problems.first).problem
  }

  @Test func `a sound data set has no problem`() throws {
    try addClip("a")
    try addClip("b")
    try files.write(
      #"{"categories": ["dog barking"], "splits": {"train": ["a"], "test": ["b"]}}"#,
      to: "truth/dataset.json")
    #expect(try problems().isEmpty)
  }

  @Test func `all problems of a clip are listed, not the first alone`() throws {
    try addClip("a")
    try FileManager.default.removeItem(atPath: files.truth + "/a/masks/00000.png")
    try files.write("hello", to: "truth/a/masks/00001.png")
    try FileManager.default.removeItem(atPath: files.truth + "/a/video.mp4")
    let found = try problems().map(\.problem)
    #expect(found.count == 3)
    for name in ["a/masks/00000.png", "a/masks/00001.png", "has no video"] {
      #expect(found.contains { $0.contains(name) }, "\(name)")
    }
  }

  @Test func `a mask of another size than the video is named with both sizes`() throws {
    try addClip("a")
    try addMask("a/masks/00001.png", false, width: 48, height: 64)
    let text = try problem()
    #expect(text.contains("00001.png") && text.contains("48×64") && text.contains("64×48"))
  }

  @Test func `a mask that contradicts its moment is named`() throws {
    try addClip("a")
    try addMask("a/masks/00000.png", false)
    #expect(try problem().contains("00000.png is empty although something sounds at 0.5 s"))
    try addMask("a/masks/00000.png", true)
    try addMask("a/masks/00001.png", true)
    #expect(try problem().contains("00001.png marks something although nothing sounds at 1.5 s"))
  }

  @Test func `a mask without a moment and a moment after the end are named`() throws {
    try addClip("a")
    try addMask("a/masks/00002.png", true)
    #expect(try problem().contains("00002.png belongs to none of the 2"))
    try files.write(
      """
      {"id": "a", "frame_times": [0.5, 1.5, 7], "sounding": [true, false, true]}
      """, to: "truth/a/annotation.json")
    #expect(try problem().contains("the moment 7.0 s is after the end"))
  }

  @Test func `a video that is none is named`() throws {
    try addClip("a")
    try files.write("no video", to: "truth/a/video.mp4")
    #expect(try problem().contains("a/video.mp4"))
  }

  @Test func `an id that is used twice is named with both folders`() throws {
    try addClip("a", id: "dog")
    try addClip("b", id: "dog")
    let text = try problem()
    #expect(text.contains("dog") && text.contains("/a") && text.contains("/b"))
  }

  @Test func `a document that cannot be read does not hide the other clips`() throws {
    try files.write("{", to: "truth/a/annotation.json")
    try addClip("b")
    try files.write("x", to: "truth/b/masks/00000.png")
    #expect(try problems().map(\.clip) == ["a", "b"])
  }

  @Test func `moments that are not in order and lists of other lengths are named`() throws {
    try addClip("a")
    try files.write(
      #"{"id": "a", "frame_times": [1.5, 0.5], "sounding": [true, false]}"#,
      to: "truth/a/annotation.json")
    #expect(try problem().contains("time 1 of “frame_times” does not come after the one before it"))
    try files.write(
      #"{"id": "a", "frame_times": [0.5, 1.5], "sounding": [true, false], "audible": [true]}"#,
      to: "truth/a/annotation.json")
    #expect(try problem().contains("“audible” has 1 entries where 2 are needed"))
  }

  @Test func `what sounds visibly and is not audible is named, and objects that are no masks`()
    throws
  {
    try addClip("a")
    try files.write(
      """
      {"id": "a", "frame_times": [0.5, 1.5], "sounding": [true, false], "audible": [false, true],
       "objects": [[{"category": "dog", "mask": {"size": [2, 2], "counts": "9"}}], []]}
      """, to: "truth/a/annotation.json")
    let found = try problems().map(\.problem)
    #expect(found.count == 2, "\(found)")
    #expect(found[0].contains("something visible sounds at 0.5 s, where nothing is audible"))
    #expect(found[1].contains("“dog” at 0.5 s"))
  }

  @Test func `masks may have a size of their own where dataset.json says so`() throws {
    try addClip("a")
    for index in 0...1 {
      try addMask("a/masks/0000\(index).png", index == 0, width: 24, height: 24)
    }
    try files.write(#"{"mask_size": [24, 24]}"#, to: "truth/dataset.json")
    #expect(try problems().isEmpty)
    try addMask("a/masks/00001.png", false)
    #expect(try problem().contains("64×48 pixels where 24×24 are needed"))
  }

  @Test func `unknown categories and wrong splits are named`() throws {
    try addClip("a")
    try files.write(
      #"{"categories": ["flute"], "splits": {"train": ["a", "gone"], "test": ["a"]}}"#,
      to: "truth/dataset.json")
    let found = try problems().map(\.problem)
    #expect(found.count == 3)
    for words in ["“dog barking”", "“gone”", "the splits “test” and “train”"] {
      #expect(found.contains { $0.contains(words) }, "\(words): \(found)")
    }
  }

  @Test func `a clip in which nothing sounds may have any category`() throws {
    try addClip("a")
    try addMask("a/masks/00000.png", false)
    try files.write(
      #"{"id": "a", "category": "none", "frame_times": [0.5, 1.5], "sounding": [false, false]}"#,
      to: "truth/a/annotation.json")
    try files.write(#"{"categories": ["flute"]}"#, to: "truth/dataset.json")
    #expect(try problems().isEmpty)
  }
}

/// Two seconds of video, made by the ffmpeg program.
enum ClipVideo {
  private static let ffmpeg = ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static let isPossible = ffmpeg != nil

  static func make(at path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ffmpeg ?? "ffmpeg")
    process.arguments = [
      "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=10:duration=2", "-pix_fmt",
      "yuv420p", "file:" + path,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
