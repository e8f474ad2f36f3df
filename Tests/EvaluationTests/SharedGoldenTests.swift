import Annotations
import Foundation
import SentenceMetrics
import Testing

@testable import Evaluation

/// Comparisons with a larger set of reference values, where it is installed.
struct SharedGoldenTests {
  private static let captions = Golden.shared("goldens/captions/caption_metrics.json")
  private static let masks = Golden.shared("goldens/masks/avs_metric_vectors.json")

  private struct Captions: Decodable {
    struct Case: Decodable {
      let hyp: String
      let refs: [String]
      let hyp_tok: String
      let refs_tok: [String]
      let bleu: [Double]
      let rouge_l: Double
      let cider: Double
    }

    struct Corpus: Decodable {
      let bleu: [Double]
      let rouge_l: Double
      let cider: Double
    }

    let cases: [Case]
    let corpus: Corpus
  }

  @Test(.enabled(if: captions != nil, "skipped, needs shared/goldens/captions"))
  func `sentences have the scores of the shared reference`() throws {
    let golden = try JSONDecoder().decode(Captions.self, from: Self.content(Self.captions))
    var (references, hypotheses): ([String: [String]], [String: String]) = ([:], [:])
    for (index, item) in golden.cases.enumerated() {
      references["\(index)"] = item.refs
      hypotheses["\(index)"] = item.hyp
      #expect(PTBTokenizer.words(in: item.hyp).joined(separator: " ") == item.hyp_tok)
    }
    let report = try CaptionScoring.report(
      of: CaptionFile(references: references, hypotheses: hypotheses, name: "c.json"),
      summary: MetricSummary(wordNet: nil, resamples: 10))
    for (index, item) in golden.cases.enumerated() {
      let values = try #require(report.byClip["\(index)"]?.values)
      Self.expect(values, bleu: item.bleu, rougeL: item.rouge_l, cider: item.cider)
    }
    Self.expect(
      report.overall.values, bleu: golden.corpus.bleu, rougeL: golden.corpus.rouge_l,
      cider: golden.corpus.cider)
  }

  private static func expect(
    _ values: [String: MetricValue], bleu: [Double], rougeL: Double, cider: Double
  ) {
    for (index, expected) in bleu.enumerated() {
      #expect(abs((values["BLEU-\(index + 1)"]?.value ?? -1) - expected) <= 1e-9)
    }
    #expect(abs((values["ROUGE-L"]?.value ?? -1) - rougeL) <= 1e-9)
    #expect(abs((values["CIDEr"]?.value ?? -1) - cider) <= 1e-9)
  }

  private struct Batch: Decodable {
    let name: String
    let logits: [[[Float]]]
    let gt: [[[UInt8]]]
    let M_J: Double
    let M_F_clip: Double
  }

  @Test(.enabled(if: masks != nil, "skipped, needs shared/goldens/masks"))
  func `batches of probabilities have the scores of the shared reference`() throws {
    let batches = try JSONDecoder().decode([Batch].self, from: Self.content(Self.masks))
    for batch in batches {
      let truths = batch.gt.map {
        BinaryMask(width: $0[0].count, height: $0.count, pixels: Array($0.joined()))
      }
      let score = SegmentationScore(
        logits: batch.logits.map { Array($0.joined()) }, truths: truths)
      #expect(abs(score.meanIoU - batch.M_J) <= 1e-6, "\(batch.name)")
      #expect(abs(score.bestFScore - batch.M_F_clip) <= 1e-6, "\(batch.name)")
    }
  }

  private static func content(_ path: String?) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: #require(path)))
  }
}
