import Annotations
import Testing

struct BinaryMaskTests {
  @Test func `a mask doubled and halved in size is the same mask`() {
    let mask = BinaryMask(width: 3, height: 2, pixels: [1, 0, 1, 0, 1, 0])
    let double = mask.resized(toWidth: 6, height: 4)
    #expect(double.area == 12)
    #expect(double.resized(toWidth: 3, height: 2) == mask)
  }

  @Test func `a mask of another shape keeps its left and right`() {
    let mask = BinaryMask(width: 2, height: 1, pixels: [1, 0])
    let wide = mask.resized(toWidth: 5, height: 3)
    #expect(wide[0, 0] && wide[1, 2])
    #expect(!wide[3, 0] && !wide[4, 2])
  }

  @Test func `every value but 0 counts as set`() {
    #expect(BinaryMask(width: 2, height: 2, pixels: [0, 255, 7, 1]).area == 3)
    #expect(BinaryMask(emptyOfWidth: 4, height: 4).isEmpty)
  }
}
