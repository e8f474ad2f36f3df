import Annotations
import Testing

@testable import Inference

@Suite struct MaskUpsamplingTests {
  @Test func `Borders lie half way between a positive and a negative cell`() {
    let mask = MaskUpsampling.mask(
      logits: [-1, 1, -1, 1], width: 2, height: 2, threshold: 0, toWidth: 8, height: 4)
    for y in 0..<4 { for x in 0..<8 { #expect(mask[x, y] == (x >= 4)) } }
  }

  /// Values of torch.nn.functional.interpolate([[0, 1, 4], [2, -3, 5]], size=(3, 5),
  /// mode="bilinear", align_corners=False).
  @Test func `Values agree with PyTorch's`() {
    let reference: [[Float]] = [
      [0, 0.4, 1, 2.8, 4], [1, 0.2, -1, 2.3, 4.5], [2, 0, -3, 1.8, 5],
    ]
    for threshold: Float in [-3.5, -2, -0.5, 0.1, 0.3, 0.7, 1.5, 2, 2.5, 3.5, 4.2, 4.7, 6] {
      let mask = MaskUpsampling.mask(
        logits: [0, 1, 4, 2, -3, 5], width: 3, height: 2, threshold: threshold, toWidth: 5,
        height: 3)
      for y in 0..<3 {
        for x in 0..<5 { #expect(mask[x, y] == (reference[y][x] > threshold)) }
      }
    }
  }

  @Test func `Any size works, also a smaller one`() {
    let logits = [Float](repeating: 1, count: 80 * 48)
    for (width, height) in [(1, 1), (3, 7), (641, 361)] {
      let mask = MaskUpsampling.mask(
        logits: logits, width: 80, height: 48, threshold: 0, toWidth: width, height: height)
      #expect(mask.area == width * height)
    }
  }
}
