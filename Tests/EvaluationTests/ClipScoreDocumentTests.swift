import Foundation
import Testing

@testable import Evaluation

@Suite struct ClipScoreDocumentTests {
  private static let full = ClipScore(
    clip: "a \"quoted\" – clip\n", category: "violin",
    frames: [
      FrameScore(
        time: 0.5, iou: 0.1 + 0.2, fScore: 1e-17, wholeFrameF: 5e-324, region: 1, boundary: -0.0,
        truthSounding: true, truthAudible: false, predictedSounding: false,
        references: ["A dog is barking.", "\u{1F415} \\ \u{301}"], hypothesis: "",
        classes: [ClassScore(name: "dog", iou: 0.333_333_333_333_333_3, fScore: 1.0 / 3)]),
      FrameScore(
        time: 1e300, iou: nil, fScore: nil, truthSounding: false, predictedSounding: true,
        references: [], hypothesis: "A cello."),
    ], problems: ["The moment at 2 s has no mask."])

  @Test func `A document is read as Decodable reads it`() throws {
    for score in [Self.full, ClipScore(clip: "x", category: nil, frames: [])] {
      for formatting in [JSONEncoder.OutputFormatting(), .prettyPrinted, .sortedKeys] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        let data = try encoder.encode(score)
        #expect(try ClipScore(document: String(decoding: data, as: UTF8.self)) == score)
        #expect(try JSONDecoder().decode(ClipScore.self, from: data) == score)
      }
    }
  }

  @Test func `What is not known is passed over, and what may be missing may be null`() throws {
    let document = """
      {"new": [{"deep": {"er": "}"}}, 1e5, null], "frames": [{"time": 1, "iou": null, "fScore": null,
       "truthSounding": false, "predictedSounding": false, "references": [], "hypothesis": "",
       "classes": null, "later": {}}], "category": null, "clip": "c"}
      """
    let score = try ClipScore(document: document)
    #expect(score.frames.count == 1 && score.frames[0].time == 1 && score.problems.isEmpty)
    #expect(try JSONDecoder().decode(ClipScore.self, from: Data(document.utf8)) == score)
  }

  @Test(arguments: [
    "", "{}", "[]", "{\"clip\": \"c\"}", "{\"clip\": \"c\", \"frames\": [{}]}",
    "{\"clip\": 1, \"frames\": []}", "{\"clip\": \"c\", \"frames\": []} x",
    "{\"clip\": \"c\", \"frames\": [], \"category\": nan}",
    "{\"clip\": \"c\", \"frames\": [{\"time\": nan}]}", "{\"clip\": \"c\", \"frames\": [",
  ]) func `What is no score is refused in one sentence`(_ document: String) {
    let error = #expect(throws: EvaluationError.self) { try ClipScore(document: document) }
    #expect(error.map { "\($0)".hasSuffix("is no score.") } == true)
  }
}
