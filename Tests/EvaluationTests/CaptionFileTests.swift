import Foundation
import Testing

@testable import Evaluation

struct CaptionFileTests {
  @Test func `single sentences and lists of one are read alike`() throws {
    let text = """
      {"references": {"1": "A dog.", "2": ["A cat.", "One cat."]},
       "hypotheses": {"1": ["A dog."], "2": "A cat."}, "later": 1}
      """
    let file = try CaptionScoring.read(Data(text.utf8), file: "c.json")
    #expect(file.references == ["1": ["A dog."], "2": ["A cat.", "One cat."]])
    #expect(file.hypotheses == ["1": "A dog.", "2": "A cat."])
  }

  @Test(arguments: [
    "", "[]", #"{"references": {}}"#, #"{"references":{},"hypotheses":{"1":["a","b"]}}"#,
  ])
  func `a wrong document is refused with its name and an example`(_ text: String) throws {
    let error = try #require(throws: EvaluationError.self) {
      try CaptionScoring.read(Data(text.utf8), file: "c.json")
    }
    #expect(error.description.contains("c.json"))
    #expect(error.description.contains("hypotheses"))
  }

  @Test func `ids without a partner are listed and have no part in the figures`() throws {
    let file = CaptionFile(
      references: ["1": ["A dog barks."], "2": ["A cat."], "4": []],
      hypotheses: ["1": "A dog barks.", "3": "A bird.", "4": "A cow."])
    let report = try CaptionScoring.report(
      of: file, file: "c.json", summary: MetricSummary(wordNet: nil, resamples: 10))
    #expect(report.overall.counts.captions == 1)
    #expect(report.overall.values["ROUGE-L"]?.value == 1)
    #expect(report.unscored.map(\.clip) == ["2", "3", "4"])
  }

  @Test func `a document with nothing to score is refused`() {
    let file = CaptionFile(references: ["1": ["A dog."]], hypotheses: ["2": "A dog."])
    #expect(throws: EvaluationError.nothingToScore(file: "c.json")) {
      try CaptionScoring.report(of: file, file: "c.json")
    }
  }
}
