import Foundation
import Testing

struct DatasetTests {
  private let files: ClipFiles

  init() throws { files = try ClipFiles() }

  @Test func `all problems are listed and end with status 1`() async throws {
    try files.addTruth("one")
    try files.write("{", to: "truth/two/annotation.json")
    try files.write(
      #"{"id": "three", "frame_times": [0.5, 1.5], "sounding": [true, true]}"#,
      to: "truth/three/annotation.json")
    try files.write("no picture", to: "truth/three/masks/00000.png")
    let result = try await Program.run(["dataset", "validate", files.truth])
    #expect(result.status == 1)
    for words in [
      "one: ", "has no video", "two/annotation.json", "three/masks/00000.png",
      "three/masks/00001.png", "3 clips: 5 problems.",
    ] {
      #expect(result.output.contains(words), "\(words): \(result.output)")
    }
    let document = try await Program.run(["dataset", "validate", files.truth, "--json"])
    #expect(document.status == 1)
    let problems = try JSONDecoder().decode(
      [[String: String]].self, from: Data(document.output.utf8))
    #expect(problems.compactMap { $0["clip"] } == ["one", "three", "three", "three", "two"])
  }

  @Test func `numbers are given, and what is not counted ends with status 3`() async throws {
    try files.addTruth("one")
    let good = try await Program.run(["dataset", "stats", files.truth])
    #expect(good.status == 0, "\(good.error)")
    #expect(good.output.split(separator: "\n").contains { $0.hasPrefix("dog barking") })
    try files.write("{", to: "truth/two/annotation.json")
    let partial = try await Program.run(["dataset", "stats", files.truth, "--json"])
    #expect(partial.status == 3)
    #expect(partial.error.contains("not counted: two: "))
    #expect(partial.output.contains("\"moments\" : 2"))
  }

  @Test(arguments: ["validate", "stats"])
  func `a folder without clips ends with status 2`(_ command: String) async throws {
    let result = try await Program.run(["dataset", command, files.path])
    #expect(result.status == 2)
    #expect(result.error.contains(files.path))
  }

  private static let samples = Program.checkout + "/samples"

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: samples), "skipped, needs the sample clips"))
  func `the sample clips have no problem`() async throws {
    let result = try await Program.run(["dataset", "validate", Self.samples])
    #expect(result.status == 0, "\(result.output)\(result.error)")
  }
}
