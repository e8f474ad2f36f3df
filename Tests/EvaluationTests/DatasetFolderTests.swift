import Annotations
import Foundation
import Testing

@testable import Evaluation

struct DatasetFolderTests {
  private let files: TemporaryDataset

  init() throws { files = try TemporaryDataset() }

  private func results(_ path: String) throws -> [Result<ClipTruth, EvaluationError>] {
    var results: [Result<ClipTruth, EvaluationError>] = []
    try DatasetFolder(path: path).forEachClip { results.append($1) }
    return results
  }

  private func error(_ name: String) throws -> String {
    let error = #expect(throws: EvaluationError.self) {
      try ClipFolder(path: files.truth + "/" + name).truth()
    }
    return try #require(error).description
  }

  @Test func `a clip folder gives truth with masks`() throws {
    try files.addTruth("dog")
    let truth = try ClipFolder(path: files.truth + "/dog").truth()
    #expect(truth.captions == [["The dog is barking."], []])
    #expect(try truth.masks?[0]?.decoded().pixels == [1, 0, 1, 0])
    #expect(try truth.masks?[1]?.decoded().isEmpty == true)
  }

  @Test func `a clip without masks has sentences alone`() throws {
    try files.addTruth("dog")
    try FileManager.default.removeItem(atPath: files.truth + "/dog/masks")
    #expect(try ClipFolder(path: files.truth + "/dog").truth().masks == nil)
  }

  @Test func `a missing mask is named`() throws {
    try files.addTruth("dog")
    try FileManager.default.removeItem(atPath: files.truth + "/dog/masks/00001.png")
    #expect(try error("dog").contains("dog/masks/00001.png"))
  }

  @Test func `a mask of another size is named with both sizes`() throws {
    try files.addTruth("dog")
    try files.addMask(
      "truth/dog/masks/00001.png", [UInt8](repeating: 0, count: 6), width: 3, height: 2)
    let text = try error("dog")
    #expect(text.contains("00001.png") && text.contains("3×2") && text.contains("2×2"))
  }

  @Test(arguments: [[], [0x89, 0x50, 0x4E, 0x47], Array("hello".utf8)] as [[UInt8]])
  func `a mask that is no picture is named`(_ bytes: [UInt8]) throws {
    try files.addTruth("dog")
    try files.write(bytes, to: "truth/dog/masks/00000.png")
    #expect(try error("dog").contains("dog/masks/00000.png"))
  }

  @Test func `a folder without an annotation says what is needed`() throws {
    try files.write("x", to: "truth/dog/video.mp4")
    #expect(try error("dog").contains("annotation.json"))
  }

  @Test func `the second folder of a clip is refused with both paths`() throws {
    try files.addTruth("a", id: "dog")
    try files.addTruth("b", id: "dog")
    let results = try results(files.truth)
    #expect(results.count == 2)
    #expect(throws: Never.self) { try results[0].get() }
    let error = #expect(throws: EvaluationError.self) { try results[1].get() }
    let text = try #require(error).description
    #expect(text.contains("/a") && text.contains("/b") && text.contains("dog"))
  }

  @Test func `one wrong clip does not hide the others`() throws {
    try files.addTruth("a")
    try files.write("{", to: "truth/b/annotation.json")
    try files.addTruth("c")
    let read = try results(files.truth).filter { (try? $0.get()) != nil }
    #expect(read.count == 2)
  }

  @Test func `a description is read and its unknown keys ignored`() throws {
    try files.addTruth("dog")
    try files.write(
      #"{"name": "Dogs", "licence": "CC0", "splits": {"test": ["dog"]}, "x": 1}"#,
      to: "truth/dataset.json")
    let dataset = try DatasetFolder(path: files.truth)
    #expect(dataset.description?.name == "Dogs")
    #expect(dataset.description?.splits == ["test": ["dog"]])
  }

  @Test func `a wrong description is named`() throws {
    try files.addTruth("dog")
    try files.write("[", to: "truth/dataset.json")
    let error = #expect(throws: EvaluationError.self) { try DatasetFolder(path: files.truth) }
    #expect(try #require(error).description.contains("dataset.json"))
  }

  @Test func `a folder without clips and a missing folder are refused`() throws {
    try files.write("x", to: "truth/readme.txt")
    #expect(throws: EvaluationError.emptyDataset(folder: files.truth)) {
      try DatasetFolder(path: files.truth)
    }
    #expect(throws: EvaluationError.self) { try DatasetFolder(path: files.path + "/nowhere") }
  }

  private static let realClips = Golden.shared("clips/dev")

  @Test(.enabled(if: realClips != nil, "skipped, needs shared/clips/dev"))
  func `the hand-made truth of real clips is read`() throws {
    let results = try results(#require(Self.realClips))
    #expect(!results.isEmpty)
    for result in results {
      let truth = try result.get()
      #expect(truth.masks?.count == truth.frameTimes.count)
    }
  }
}
