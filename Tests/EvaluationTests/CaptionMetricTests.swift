import Foundation
import Testing

@testable import Evaluation

struct CaptionMetricTests {
  private struct Golden: Decodable {
    let cases: [Case]
    let bleu: [Double]
    let rougeL: Double
    let cider: Double
    let meteor: Double
    let meteorStem: Double
    let meteorSynonym: Double
  }

  private struct Case: Decodable {
    let hypothesis: String
    let references: [String]
    let words: String
    let referenceWords: [String]
    let bleu: [Double]
    let rougeL: Double
    let cider: Double
    let meteor: Double
    let meteorStem: Double?
    let meteorSynonym: Double?
  }

  private let golden: Golden

  init() throws { golden = try EvaluationTests.Golden.read("captions") }

  private func report(_ cases: [Case], wordNet: WordNet?) throws -> MetricReport {
    try report(cases, MetricSummary(wordNet: wordNet, resamples: 10))
  }

  private func report(_ cases: [Case], _ summary: MetricSummary) throws -> MetricReport {
    var file = CaptionFile(references: [:], hypotheses: [:])
    for (index, item) in cases.enumerated() {
      file.references["\(index)"] = item.references
      file.hypotheses["\(index)"] = item.hypothesis
    }
    return try CaptionScoring.report(of: file, file: "captions.json", summary: summary)
  }

  @Test func `words are those of pycocoevalcap`() {
    for item in golden.cases {
      #expect(PTBTokenizer.words(in: item.hypothesis).joined(separator: " ") == item.words)
      #expect(
        item.references.map { PTBTokenizer.words(in: $0).joined(separator: " ") }
          == item.referenceWords)
    }
  }

  @Test func `each sentence has the scores that pycocoevalcap gives it`() throws {
    let report = try report(golden.cases, wordNet: nil)
    for (index, item) in golden.cases.enumerated() {
      let set = try #require(report.byClip["\(index)"])
      for order in 1...4 {
        #expect(isEqual(set.values["BLEU-\(order)"]?.value, item.bleu[order - 1]))
      }
      #expect(isEqual(set.values["ROUGE-L"]?.value, item.rougeL))
      #expect(isEqual(set.values["CIDEr"]?.value, item.cider))
    }
  }

  @Test func `a corpus has the scores that pycocoevalcap gives it`() throws {
    let values = try report(golden.cases, wordNet: nil).overall.values
    for order in 1...4 {
      #expect(isEqual(values["BLEU-\(order)"]?.value, golden.bleu[order - 1]))
    }
    #expect(isEqual(values["ROUGE-L"]?.value, golden.rougeL))
    #expect(isEqual(values["CIDEr"]?.value, golden.cider))
  }

  @Test func `METEOR without synonyms agrees with the reference restricted to its modules`() throws
  {
    let cases = golden.cases.filter { $0.meteorStem != nil }
    let report = try report(cases, wordNet: nil)
    for (index, item) in cases.enumerated() {
      #expect(
        isEqual(report.byClip["\(index)"]?.values["METEOR-exact-stem"]?.value, item.meteorStem))
    }
    #expect(isEqual(report.overall.values["METEOR-exact-stem"]?.value, golden.meteorStem))
    #expect(report.overall.values["METEOR"] == nil)
  }

  @Test(.enabled(if: WordNet.installed != nil, "skipped, needs WordNet (Debian: wordnet-base)"))
  func `METEOR with synonyms agrees with the reference restricted to its modules`() throws {
    let name = "METEOR-exact-stem-synonym"
    let cases = golden.cases.filter { $0.meteorSynonym != nil }
    let report = try report(cases, wordNet: WordNet.installed)
    for (index, item) in cases.enumerated() {
      #expect(isEqual(report.byClip["\(index)"]?.values[name]?.value, item.meteorSynonym))
    }
    #expect(isEqual(report.overall.values[name]?.value, golden.meteorSynonym))
    #expect(report.overall.values["METEOR-exact-stem"] == nil)
  }

  @Test(.enabled(if: MeteorData.installed != nil, "skipped, needs `make meteor-data`"))
  func `METEOR is that of the reference, sentence by sentence and as a corpus`() throws {
    let data = try #require(MeteorData.installed)
    let summary = MetricSummary(meteor: .complete(data), resamples: 10)
    let report = try report(golden.cases, summary)
    for (index, item) in golden.cases.enumerated() {
      let found = report.byClip["\(index)"]?.values["METEOR"]?.value
      #expect(isEqual(found, item.meteor), "\(item.hypothesis) \(item.references)")
    }
    #expect(isEqual(report.overall.values["METEOR"]?.value, golden.meteor))
    #expect(report.overall.values["METEOR-exact-stem"] == nil)
    #expect(report.signature["METEOR"]?.contains("paraphrase") == true)
  }

  @Test func `words that only look alike are two words`() throws {
    let file = CaptionFile(references: ["1": ["caf\u{E9}"]], hypotheses: ["1": "cafe\u{301}"])
    let values = try CaptionScoring.report(
      of: file, file: "f", summary: MetricSummary(wordNet: nil, resamples: 10)
    ).overall.values
    #expect(values["ROUGE-L"]?.value == 0)
  }

  @Test func `tokens are those of the PTBTokenizer`() throws {
    struct Line: Decodable {
      let line: String
      let tokens: String
    }
    let lines: [Line] = try EvaluationTests.Golden.read("tokens")
    let tokens = PTBTokenizer.tokens(inLines: lines.map(\.line))
    for (line, found) in zip(lines, tokens) {
      #expect(found.joined(separator: " ") == line.tokens, "\(line.line)")
    }
  }

  @Test func `stems are those of Snowball`() throws {
    let stems: [String: String] = try EvaluationTests.Golden.read("stems")
    for (word, stem) in stems { #expect(EnglishStemmer.stem(word) == stem, "\(word)") }
  }

  @Test(arguments: [
    "", " ", "\n\n", "😀", "שלום עולם", "\u{0}", "((((", "''''", String(repeating: "a-", count: 500),
    String(repeating: "…", count: 500), "@", "#", "<", "&", "http://", "www.", "a@", "'", "-", ".",
  ])
  func `any text can be scored`(_ text: String) throws {
    let file = CaptionFile(references: ["1": [text, "A dog."]], hypotheses: ["1": text])
    let values = try CaptionScoring.report(
      of: file, file: "f", summary: MetricSummary(wordNet: nil, resamples: 10)
    ).overall.values
    #expect(values.values.allSatisfy { $0.value.isFinite && $0.value >= 0 })
  }

  private func isEqual(_ found: Double?, _ expected: Double?) -> Bool {
    guard let found, let expected else { return false }
    return abs(found - expected) <= 1e-9
  }
}
