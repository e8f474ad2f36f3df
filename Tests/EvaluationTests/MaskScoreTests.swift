import Annotations
import Testing

@testable import Evaluation

struct MaskScoreTests {
  private struct Batch: Decodable {
    let name: String
    let height: Int
    let width: Int
    let logits: [[Float]]
    let truths: [[UInt8]]
    let meanIoU: Double
    let bestFScore: Double
  }

  @Test func `batches of probabilities are scored as AVSBench's formulas say`() throws {
    let batches: [Batch] = try Golden.read("masks")
    for batch in batches {
      let truths = batch.truths.map {
        BinaryMask(width: batch.width, height: batch.height, pixels: $0)
      }
      let score = SegmentationScore(logits: batch.logits, truths: truths)
      #expect(abs(score.meanIoU - batch.meanIoU) <= 1e-6, "\(batch.name)")
      #expect(abs(score.bestFScore - batch.bestFScore) <= 1e-6, "\(batch.name)")
    }
  }

  @Test func `a logit that is not a number counts as nothing`() {
    let truth = BinaryMask(width: 2, height: 1, pixels: [1, 0])
    let score = SegmentationScore(
      logits: [[.nan, .infinity]], truths: [truth])
    #expect(score.meanIoU == 0)
    #expect(score.bestFScore.isFinite)
  }

  @Test func `half a mask has half the overlap`() throws {
    let truth = BinaryMask(width: 4, height: 1, pixels: [1, 1, 0, 0])
    let score = MaskScore(
      prediction: BinaryMask(width: 4, height: 1, pixels: [1, 0, 0, 0]), truth: truth)
    #expect(abs(score.iou - 0.5) < 1e-6)
    let fScore = try #require(score.fScore)
    #expect(abs(fScore - 1.3 * 0.5 / (0.3 + 0.5)) < 1e-9)
  }

  @Test func `where nothing sounds the share of empty pixels counts`() {
    let truth = BinaryMask(emptyOfWidth: 4, height: 1)
    let score = MaskScore(
      prediction: BinaryMask(width: 4, height: 1, pixels: [1, 0, 0, 0]), truth: truth)
    #expect(abs(score.iou - 0.75) < 1e-6)
    #expect(score.fScore == nil)
    #expect(abs(MaskScore(prediction: truth, truth: truth).iou - 1) < 1e-6)
  }

  @Test func `an empty prediction of something that sounds scores 0`() {
    let score = MaskScore(
      prediction: BinaryMask(emptyOfWidth: 2, height: 2),
      truth: BinaryMask(width: 2, height: 2, pixels: [1, 1, 1, 1]))
    #expect(score.iou == 0)
    #expect(score.fScore == 0)
  }

  @Test func `a smaller prediction is brought to the true size`() {
    let score = MaskScore(
      prediction: BinaryMask(width: 2, height: 1, pixels: [1, 0]),
      truth: BinaryMask(width: 4, height: 2, pixels: [1, 1, 0, 0, 1, 1, 0, 0]))
    #expect(score.iou > 0.999)
  }
}
