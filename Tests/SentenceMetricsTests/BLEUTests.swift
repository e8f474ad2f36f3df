import Testing

@testable import SentenceMetrics

struct BLEUTests {
  @Test func `of two equally close references the shorter one's length counts`() {
    let pair = CaptionPair(hypothesis: [1, 2, 3], references: [[1, 2, 3, 4], [1, 2]])
    #expect(BLEUCounts(pair).referenceLength == 2)
  }

  @Test func `a word repeated in the hypothesis matches no oftener than in a reference`() {
    let pair = CaptionPair(hypothesis: [1, 1, 1], references: [[1, 2, 1]])
    #expect(BLEUCounts(pair).matches[0] == 2)
  }
}
