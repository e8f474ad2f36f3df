import Annotations
import Testing

@testable import ReportSite

@Suite struct MaskOutlineTests {
  @Test func `A square with a hole and two parts that share a corner`() throws {
    var mask = BinaryMask(emptyOfWidth: 6, height: 5)
    for (x, y) in [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2), (3, 3)] {
      mask[x, y] = true
    }
    let outline = try #require(MaskOutline(mask))
    #expect(outline.path == "M0 0h3v3h-3v-3zM1 2h1v-1h-1v1zM3 3h1v1h-1v-1z")
    #expect(outline.width == 6 && outline.height == 5)
    #expect(MaskOutline(BinaryMask(emptyOfWidth: 6, height: 5)) == nil)
  }

  @Test func `Filling the path gives the mask back`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let (width, height) = (Int.random(in: 1...24), Int.random(in: 1...24))
      let pixels = (0..<width * height).map { _ in UInt8.random(in: 0...1, using: &random) }
      let mask = BinaryMask(width: width, height: height, pixels: pixels)
      let filled = Self.fill(MaskOutline(mask)?.path ?? "", width, height)
      #expect(filled == pixels)
    }
  }

  @Test func `A wide mask is made smaller first`() throws {
    var mask = BinaryMask(emptyOfWidth: 1280, height: 720)
    for y in 0..<720 { for x in 0..<640 { mask[x, y] = true } }
    let outline = try #require(MaskOutline(mask))
    #expect(outline.path == "M0 0h160v180h-160v-180z")
    #expect(outline.width == 320 && outline.height == 180)
  }

  /// The pixels inside of a path by the rule “evenodd”: those with an odd number of vertical steps
  /// to their left.
  private static func fill(_ path: String, _ width: Int, _ height: Int) -> [UInt8] {
    var crossings = [Int](repeating: 0, count: (width + 1) * height)
    var (x, y) = (0, 0)
    for part in path.matches(of: /M(\d+) (\d+)|h(-?\d+)|v(-?\d+)/).map(\.output) {
      if let left = part.1, let top = part.2 {
        (x, y) = (Int(left) ?? 0, Int(top) ?? 0)
      } else if let step = part.3 {
        x += Int(step) ?? 0
      } else if let step = part.4, let length = Int(step) {
        for row in min(y, y + length)..<max(y, y + length) { crossings[row * (width + 1) + x] += 1 }
        y += length
      }
    }
    return (0..<height).flatMap { row in
      var isInside = false
      return (0..<width).map { column -> UInt8 in
        if crossings[row * (width + 1) + column] % 2 == 1 { isInside.toggle() }
        return isInside ? 1 : 0
      }
    }
  }
}
