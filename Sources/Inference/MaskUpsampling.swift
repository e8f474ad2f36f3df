import Annotations

/// From the model's coarse logits to a mask at the frame's own size.
enum MaskUpsampling {
  /// The pixels whose bilinearly enlarged logit is above a threshold.
  ///
  /// Pixel centres are aligned and borders repeated, as PyTorch's `interpolate` with
  /// `align_corners=False`.
  ///
  /// - Parameters:
  ///   - logits: `height × width` values, row-major.
  ///   - width: Values in a row.
  ///   - height: Rows.
  ///   - threshold: What a pixel must be above.
  ///   - newWidth: Pixels in a row of the mask.
  ///   - newHeight: Rows of the mask.
  /// - Returns: The mask.
  static func mask(
    logits: [Float], width: Int, height: Int, threshold: Float, toWidth newWidth: Int,
    height newHeight: Int
  ) -> BinaryMask {
    precondition(
      logits.count == width * height, "\(height)×\(width) logits given \(logits.count)")
    let columns = (0..<newWidth).map { Sample(at: $0, of: newWidth, from: width) }
    var pixels = [UInt8](repeating: 0, count: newWidth * newHeight)
    var line = [Float](repeating: 0, count: width)
    for y in 0..<newHeight {
      let row = Sample(at: y, of: newHeight, from: height)
      for x in 0..<width {
        let above = logits[row.first * width + x]
        line[x] = above + row.share * (logits[row.second * width + x] - above)
      }
      for (x, column) in columns.enumerated() {
        let left = line[column.first]
        let value = left + column.share * (line[column.second] - left)
        if value > threshold { pixels[y * newWidth + x] = 1 }
      }
    }
    return BinaryMask(width: newWidth, height: newHeight, pixels: pixels)
  }

  /// The two places that a new place lies between, and how near it is to the second.
  private struct Sample {
    let first: Int
    let second: Int
    let share: Float

    init(at place: Int, of newCount: Int, from count: Int) {
      let exact = (Float(place) + 0.5) * Float(count) / Float(newCount) - 0.5
      let inside = min(max(exact, 0), Float(count - 1))
      first = Int(inside)
      second = min(first + 1, count - 1)
      share = inside - Float(first)
    }
  }
}
