import Annotations
import Datasets
import Evaluation
import Foundation
import Testing

struct COCOTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func addClip(_ name: String) throws {
    try folder.write(
      """
      {"id": "\(name)", "category": "dog", "frame_times": [0.5, 1.5], "sounding": [true, false],
       "captions": ["The dog is barking.", ""]}
      """, to: "set/\(name)/annotation.json")
    try folder.addMask("set/\(name)/masks/00000.png", [0, 1, 1, 0, 0, 1, 1, 0])
    try folder.addMask("set/\(name)/masks/00001.png", [0, 0, 0, 0, 0, 0, 0, 0])
  }

  private func export() throws -> ConversionOutcome {
    try COCOExport(to: folder.path + "/coco").run(DatasetFolder(path: folder.path + "/set"))
  }

  private func importResults(_ text: String) throws -> ConversionOutcome {
    try folder.write(text, to: "results.json")
    return try COCOResultsImport(images: folder.path + "/coco/instances.json").run(
      [folder.path + "/results.json"], model: "m", to: folder.path + "/predictions")
  }

  @Test func `moments become pictures, masks become instances, sentences captions`() throws {
    try addClip("a")
    try addClip("b")
    #expect(try export().written == 2)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(folder.text("coco/instances.json").utf8))
        as? [String: Any])
    let images = try #require(object["images"] as? [[String: Any]])
    #expect(
      images.map { $0["file_name"] as? String } == ["a/00000", "a/00001", "b/00000", "b/00001"])
    let annotations = try #require(object["annotations"] as? [[String: Any]])
    #expect(annotations.count == 2)
    #expect(
      annotations[1]["bbox"] as? [Int] == [1, 0, 2, 2] && annotations[1]["area"] as? Int == 4)
    #expect(annotations[1]["image_id"] as? Int == 3)
    #expect(try folder.text("coco/captions.json").contains("\"caption\" : \"The dog is barking.\""))
  }

  @Test func `results that repeat the truth score 1`() throws {
    try addClip("a")
    _ = try export()
    // 4×2 pixels down the columns: two zeros, four ones, two zeros.
    let outcome = try importResults(
      """
      [{"image_id": 1, "category_id": 1, "score": 0.9,
        "segmentation": {"size": [2, 4], "counts": [2, 4, 2]}},
       {"image_id": 1, "score": 0.1, "segmentation": {"size": [2, 4], "counts": "08"}},
       {"image_id": 1, "caption": "The dog is barking."}]
      """)
    #expect(outcome.written == 1 && outcome.problems.isEmpty)
    let report = try FolderEvaluation(summary: MetricSummary(wordNet: nil, resamples: 10)).report(
      of: DatasetFolder(path: folder.path + "/set"),
      answers: PredictionFolder(path: folder.path + "/predictions"))
    #expect(report.unscored.isEmpty)
    for name in ["mIoU", "presence", "BLEU-4", "ROUGE-L"] {
      #expect(abs((report.overall.values[name]?.value ?? 0) - 1) < 1e-6, "\(name)")
    }
  }

  @Test func `unknown pictures and runs that do not fit are refused by name`() throws {
    try addClip("a")
    _ = try export()
    let unknown = try importResults(#"[{"image_id": 9, "caption": "x"}]"#)
    #expect(unknown.problems.count == 1 && unknown.problems[0].contains("picture 9"))
    for counts in ["[2, 5, 2]", "[-1, 9]", "[99999999999]"] {
      #expect(throws: DatasetError.self) {
        try importResults(
          #"[{"image_id": 1, "segmentation": {"size": [2, 4], "counts": \#(counts)}}]"#)
      }
    }
    let corrupt = try importResults(
      #"[{"image_id": 1, "segmentation": {"size": [2, 4], "counts": "9"}}]"#)
    #expect(corrupt.written == 0 && corrupt.problems.count == 1)
  }
}
