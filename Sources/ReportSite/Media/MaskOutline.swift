import Annotations

/// A mask's exact border as a path of SVG: along the edges of its pixels, inside by the rule
/// “evenodd”, so that holes are holes.
struct MaskOutline: Encodable {
  let width: Int
  let height: Int
  /// The `d` of the path.
  let path: String

  /// Traces a mask; nil for an empty one.
  ///
  /// - Parameters:
  ///   - mask: The mask.
  ///   - widest: A wider one is made this wide first.
  init?(_ mask: BinaryMask, atMost widest: Int = 320) {
    guard !mask.isEmpty else { return nil }
    let mask =
      mask.width > widest
      ? mask.resized(toWidth: widest, height: max(1, mask.height * widest / mask.width)) : mask
    (width, height) = (mask.width, mask.height)
    path = Self.trace(mask)
    if path.isEmpty { return nil }
  }

  /// Steps along the border with the inside on the right: right, down, left, up.
  private static let steps = [(x: 1, y: 0), (x: 0, y: 1), (x: -1, y: 0), (x: 0, y: -1)]

  private static func trace(_ mask: BinaryMask) -> String {
    let (width, height) = (mask.width, mask.height)
    let pixels = mask.pixels
    func isInside(_ x: Int, _ y: Int) -> Bool {
      x >= 0 && y >= 0 && x < width && y < height && pixels[y * width + x] != 0
    }
    // Whether the border runs on from a corner in a direction: inside on its right, outside on its left.
    func runs(_ x: Int, _ y: Int, _ direction: Int) -> Bool {
      switch direction {
      case 0: isInside(x, y) && !isInside(x, y - 1)
      case 1: isInside(x - 1, y) && !isInside(x, y)
      case 2: isInside(x - 1, y - 1) && !isInside(x - 1, y)
      default: isInside(x, y - 1) && !isInside(x - 1, y - 1)
      }
    }
    var seen = [Bool](repeating: false, count: width * height)
    var path = ""
    for y in 0..<height {
      for x in 0..<width where runs(x, y, 0) && !seen[y * width + x] {
        path += "M\(x) \(y)"
        var (column, row, direction) = (x, y, 0)
        repeat {
          var length = 0
          while runs(column, row, direction) {
            if direction == 0 { seen[row * width + column] = true }
            column += steps[direction].x
            row += steps[direction].y
            length += 1
          }
          let signed = direction < 2 ? length : -length
          path += direction % 2 == 0 ? "h\(signed)" : "v\(signed)"
          // To the right first: at a corner that two parts share, the border keeps to its own.
          let right = (direction + 1) % 4
          direction = runs(column, row, right) ? right : (direction + 3) % 4
        } while (column, row) != (x, y) || direction != 0
        path += "z"
      }
    }
    return path
  }
}
