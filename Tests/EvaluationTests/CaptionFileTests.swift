import Foundation
import Testing

@testable import Evaluation

struct CaptionFileTests {
  private func sentences(
    _ file: CaptionFile
  ) -> [String: (references: [String], hypothesis: String?)] {
    Dictionary(
      uniqueKeysWithValues: file.entries.map {
        (file.id(of: $0), (file.references(of: $0), file.hypothesis(of: $0)))
      })
  }

  @Test func `single sentences and lists of one are read alike`() throws {
    let text = """
      {"references": {"1": "A dog.", "2": ["A cat.", "One \\u00e9 \\"cat\\"\\n."]},
       "hypotheses": {"1": ["A dog."], "2": "A cat."}, "later": [1, {"a": null}, -2.5e3]}
      """
    let found = sentences(try CaptionFile(Data(text.utf8), name: "c.json"))
    #expect(found["1"]?.references == ["A dog."] && found["1"]?.hypothesis == "A dog.")
    #expect(found["2"]?.references == ["A cat.", "One é \"cat\"\n."])
    #expect(found["2"]?.hypothesis == "A cat.")
    let marked = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    #expect(sentences(try CaptionFile(Data(marked), name: "c.json")).count == 2)
  }

  @Test func `an id that comes again is listed and has no part in the figures`() throws {
    let text = """
      {"hypotheses": {"1": "A dog.", "2": "A cat.", "1": "A cow."},
       "references": {"2": ["A cat."], "1": ["A dog."]}}
      """
    let report = try CaptionScoring.report(
      of: CaptionFile(Data(text.utf8), name: "c.json"),
      summary: MetricSummary(wordNet: nil, resamples: 10))
    #expect(report.byClip.keys.map(\.self) == ["2"])
    #expect(report.unscored.map(\.clip) == ["1"])
  }

  @Test(arguments: [
    "", "[]", #"{"references": {}}"#, #"{"references":{},"hypotheses":{"1":["a","b"]}}"#,
    #"{"references":{},"hypotheses":{}} more"#, #"{"references":{},"hypotheses":{"1":"a"}"#,
    #"{"references":{"1":["a"}},"hypotheses":{}}"#, #"{"references":{},"hypotheses":{"1":1}}"#,
    #"{"references":{},"references":{},"hypotheses":{}}"#,
    #"{"references":{"1":"\ud800"},"hypotheses":{}}"#,
    String(repeating: "[", count: 100_000),
  ])
  func `a wrong document is refused with its name and an example`(_ text: String) throws {
    let error = try #require(throws: EvaluationError.self) {
      try CaptionFile(Data(text.utf8), name: "c.json")
    }
    #expect(error.description.contains("c.json"))
    #expect(error.description.contains("hypotheses"))
  }

  @Test func `ids without a partner are listed and have no part in the figures`() throws {
    let file = try CaptionFile(
      references: ["1": ["A dog barks."], "2": ["A cat."], "4": []],
      hypotheses: ["1": "A dog barks.", "3": "A bird.", "4": "A cow."], name: "c.json")
    let report = try CaptionScoring.report(
      of: file, summary: MetricSummary(wordNet: nil, resamples: 10))
    #expect(report.overall.counts.captions == 1)
    #expect(report.overall.values["ROUGE-L"]?.value == 1)
    #expect(report.unscored.map(\.clip) == ["2", "3", "4"])
  }

  @Test func `a document with nothing to score is refused`() throws {
    let file = try CaptionFile(
      references: ["1": ["A dog."]], hypotheses: ["2": "A dog."], name: "c.json")
    #expect(throws: EvaluationError.nothingToScore(file: "c.json")) {
      try CaptionScoring.report(of: file)
    }
  }
}
