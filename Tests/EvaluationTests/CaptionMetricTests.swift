import Foundation
import SentenceMetrics
import Testing

@testable import Evaluation

/// METEOR's own data: what `make test` has fetched, or this machine has.
private let meteorData = MeteorData(directory: ".build/meteor") ?? MeteorData.installed

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
    var (references, hypotheses): ([String: [String]], [String: String]) = ([:], [:])
    for (index, item) in cases.enumerated() {
      references["\(index)"] = item.references
      hypotheses["\(index)"] = item.hypothesis
    }
    let file = try CaptionFile(
      references: references, hypotheses: hypotheses, name: "captions.json")
    return try CaptionScoring.report(of: file, summary: summary)
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

  private struct Corpus: Decodable {
    struct Figures: Decodable {
      let bleu: [Double]
      let rougeL: Double
      let cider: Double
      let meteor: Double
    }

    let document: String
    let bleu: [Double]
    let rougeL: Double
    let cider: Double
    let meteor: Double
    let ids: [String: Figures]
  }

  @Test func `sentences are one text in the order of their file, as the reference reads them`()
    throws
  {
    for corpus in try EvaluationTests.Golden.read("corpora") as [Corpus] {
      let file = try CaptionFile(Data(corpus.document.utf8), name: "c.json")
      // METEOR only where its own data is.
      let data = meteorData
      let report = try CaptionScoring.report(
        of: file,
        summary: MetricSummary(meteor: data.map { .complete($0) } ?? .none, resamples: 10))
      func check(
        _ set: MetricSet?, _ bleu: [Double], _ rougeL: Double, _ cider: Double, _ meteor: Double,
        _ id: String
      ) {
        if data != nil { #expect(isEqual(set?.values["METEOR"]?.value, meteor), "\(id)") }
        for order in 1...4 {
          #expect(isEqual(set?.values["BLEU-\(order)"]?.value, bleu[order - 1]), "\(id)")
        }
        #expect(isEqual(set?.values["ROUGE-L"]?.value, rougeL), "\(id)")
        #expect(isEqual(set?.values["CIDEr"]?.value, cider), "\(id)")
      }
      check(report.overall, corpus.bleu, corpus.rougeL, corpus.cider, corpus.meteor, "all")
      for (id, expected) in corpus.ids {
        check(
          report.byClip[id], expected.bleu, expected.rougeL, expected.cider, expected.meteor, id)
      }
    }
  }

  @Test func `a clip's sentences follow those of the clip before it, however clips come`() throws {
    func score(_ clip: String, _ caption: String) -> ClipScore {
      let frame = FrameScore(
        time: 0, iou: nil, fScore: nil, truthSounding: true, predictedSounding: true,
        references: ["plan b"], hypothesis: caption)
      return ClipScore(clip: clip, category: nil, frames: [frame])
    }
    let summary = MetricSummary(wordNet: nil, resamples: 10)
    let scores = [score("1", "plan B."), score("2", "The dog."), score("3", "plan B.")]
    let report = summary.report(of: scores)
    // Before “The” the period ends a sentence; at the end of the text it belongs to the word.
    #expect(report.byClip["1"]?.values["ROUGE-L"]?.value == 1)
    #expect(report.byClip["3"]?.values["ROUGE-L"]?.value == 0.5)
    #expect(summary.report(of: scores.reversed()) == report)
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

  @Test(.enabled(if: meteorData != nil, "skipped, needs METEOR's data (make test fetches it)"))
  func `METEOR is that of the reference, sentence by sentence and as a corpus`() throws {
    let data = try #require(meteorData)
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
    let file = try CaptionFile(
      references: ["1": ["caf\u{E9}"]], hypotheses: ["1": "cafe\u{301}"], name: "c.json")
    let values = try CaptionScoring.report(
      of: file, summary: MetricSummary(wordNet: nil, resamples: 10)
    ).overall.values
    #expect(values["ROUGE-L"]?.value == 0)
  }

  @Test(arguments: [
    "", " ", "\n\n", "😀", "שלום עולם", "\u{0}", "((((", "''''", String(repeating: "a-", count: 500),
    String(repeating: "…", count: 500), "@", "#", "<", "&", "http://", "www.", "a@", "'", "-", ".",
  ])
  func `any text can be scored`(_ text: String) throws {
    let file = try CaptionFile(
      references: ["1": [text, "A dog."]], hypotheses: ["1": text], name: "c.json")
    let values = try CaptionScoring.report(
      of: file, summary: MetricSummary(wordNet: nil, resamples: 10)
    ).overall.values
    #expect(values.values.allSatisfy { $0.value.isFinite && $0.value >= 0 })
  }

  private func isEqual(_ found: Double?, _ expected: Double?) -> Bool {
    guard let found, let expected else { return false }
    return abs(found - expected) <= 1e-9
  }
}
