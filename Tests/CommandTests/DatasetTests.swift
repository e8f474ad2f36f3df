import Foundation
import Media
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

  @Test func `AVSBench-semantic goes in, is sound, is counted by class and comes out the same`()
    async throws
  {
    func map(_ indices: [UInt8]) throws -> Data {
      let palette: [[UInt8]] = [[0, 0, 0], [128, 0, 0], [0, 128, 0]]
      return Data(
        try PNGCodec.encodeIndexed(width: 4, height: 2, indices: indices, palette: palette))
    }
    try files.write(#"{"background": 0, "dog": 1, "cat": 2}"#, to: "avss/label2idx.json")
    try files.write(
      "uid,label,split\none,v1s,train\nmany,v2,test\ngone,v1m,test\n", to: "avss/metadata.csv")
    try files.write(map([1, 1, 0, 0, 0, 0, 0, 0]), to: "avss/v1s/one/labels_rgb/0.png")
    for second in 0..<10 {
      try files.write(
        map([1, 1, 2, 2, 0, 0, 0, UInt8(second % 3)]),
        to: "avss/v2/many/labels_rgb/\(second).png")
    }
    let (source, set, back) = (files.path + "/avss", files.path + "/set", files.path + "/back")
    let imported = try await Program.run(
      ["dataset", "import", "avsbench-avss", source, "--output", set])
    #expect(imported.status == 3 && imported.error.contains("gone"), "\(imported.error)")
    let checked = try await Program.run(["dataset", "validate", set])
    #expect(checked.status == 0 && checked.output.contains("2 clips: no problem."))
    let counted = try await Program.run(["dataset", "stats", set, "--json"])
    #expect(counted.status == 0)
    struct Numbers: Decodable { let categories: [String: Int] }
    let numbers = try JSONDecoder().decode(Numbers.self, from: Data(counted.output.utf8))
    #expect(numbers.categories == ["dog": 2, "cat": 1])
    let exported = try await Program.run(
      ["dataset", "export", "avsbench-avss", set, "--output", back])
    #expect(exported.status == 0, "\(exported.error)")
    for file in ["v1s/one/labels_rgb/0.png", "v2/many/labels_rgb/9.png"] {
      #expect(
        try PNGCodec.decodeRGB(path: "\(source)/\(file)").pixels
          == PNGCodec.decodeRGB(path: "\(back)/\(file)").pixels)
    }
    #expect(
      try String(contentsOfFile: back + "/metadata.csv", encoding: .utf8)
        == "uid,label,split\nmany,v2,test\none,v1s,train\n")
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

/// Data sets in and out of other formats, as a person does it.
struct DatasetConversionTests {
  private let files: ClipFiles

  init() throws { files = try ClipFiles() }

  @Test func `a data set goes out as COCO, and results come back and score`() async throws {
    try files.addTruth("one")
    let out = try await Program.run(
      ["dataset", "export", "coco", files.truth, "--output", files.path + "/coco"])
    #expect(out.status == 0 && out.output == "1 clip written.\n", "\(out.error)")
    let results = try files.write(
      #"[{"image_id": 1, "caption": "The dog is barking."},"#
        + #" {"image_id": 1, "segmentation": {"size": [2, 2], "counts": [0, 2, 2]}}]"#,
      to: "results.json")
    let back = try await Program.run([
      "dataset", "import", "coco-results", results, "--images", files.path + "/coco/instances.json",
      "--output", files.predictions, "--json",
    ])
    #expect(back.status == 0, "\(back.error)")
    let score = try await Program.run([
      "evaluate", "--truth", files.truth, "--predictions", files.predictions, "--json",
    ])
    #expect(score.status == 0, "\(score.error)")
    #expect(abs((try MetricDocument(score.output).overall.iou?.value ?? 0) - 1) < 1e-6)
  }

  @Test func `what does not fit is listed, and what cannot be is refused`() async throws {
    try files.addTruth("one")
    let unfit = try await Program.run(
      ["dataset", "export", "avsbench-s4", files.truth, "--output", files.path + "/s4"])
    #expect(unfit.status == 2 && unfit.error.contains("needs 5 masks"), "\(unfit.error)")
    let missing = try await Program.run(
      ["dataset", "import", "avsbench-ms3", files.truth, "--output", files.path + "/x"])
    #expect(missing.status == 2 && missing.error.contains("ms3_meta_data.csv"))
    let usage = try await Program.run(
      ["dataset", "import", "coco-results", "r.json", "--output", files.path + "/x"])
    #expect(usage.status == 2 && usage.error.contains("--images"))
  }

  @Test func `a data set is compared with a published definition`() async throws {
    try files.addTruth("one")
    let result = try await Program.run(
      ["dataset", "stats", files.truth, "--definition", "f-lifescene"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("f-Lifescene: 1 of 6156 clips"))
    let unknown = try await Program.run(["dataset", "stats", files.truth, "--definition", "x"])
    #expect(unknown.status == 2 && unknown.error.contains("f-lifescene, f-music"))
  }
}
