public import Annotations

/// DAVIS's two measures of one mask: region similarity J and boundary accuracy F.
///
/// Formulas and constants: `db_eval_iou` and `db_eval_boundary` of the DAVIS 2017 evaluation: a
/// boundary pixel counts as found within 0.8 % of the image's diagonal, rounded up.
public struct BoundaryScore: Hashable, Sendable {
  /// Intersection over union; 1 when both masks are empty.
  public let region: Double

  /// The harmonic mean of boundary precision and recall; 1 when neither mask has a boundary.
  public let boundary: Double

  /// Compares masks.
  ///
  /// - Parameters:
  ///   - prediction: The predicted mask; brought to the true mask's size by nearest neighbour.
  ///   - truth: The true mask.
  ///   - tolerance: How far apart boundaries may be, as a share of the image's diagonal.
  public init(prediction: BinaryMask, truth: BinaryMask, tolerance: Double = 0.008) {
    let prediction = prediction.resized(toWidth: truth.width, height: truth.height)
    region = Self.region(prediction, truth)
    let area = truth.width * truth.width + truth.height * truth.height
    let radius = Int((tolerance * Double(area).squareRoot()).rounded(.up))
    let found = MaskBoundary(of: prediction)
    let real = MaskBoundary(of: truth)
    boundary = Self.fMeasure(
      precision: found.share(near: real, radius: radius),
      recall: real.share(near: found, radius: radius))
  }

  private static func region(_ first: BinaryMask, _ second: BinaryMask) -> Double {
    var both = 0
    var either = 0
    for (one, other) in zip(first.pixels, second.pixels) {
      both += Int(one & other)
      either += Int(one | other)
    }
    return either == 0 ? 1 : Double(both) / Double(either)
  }

  /// The share of one boundary's pixels near the other's; nil means that the boundary is empty.
  private static func fMeasure(precision: Double?, recall: Double?) -> Double {
    guard let precision, let recall else { return precision == nil && recall == nil ? 1 : 0 }
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
  }
}

/// The pixels of a mask that differ from their right, lower or lower right neighbour.
struct MaskBoundary {
  let width: Int
  let height: Int

  /// Offsets of the boundary's pixels, row by row.
  private let pixels: [Int]

  init(of mask: BinaryMask) {
    width = mask.width
    height = mask.height
    var pixels: [Int] = []
    for row in 0..<mask.height {
      let below = min(row + 1, mask.height - 1)
      for column in 0..<mask.width {
        let right = min(column + 1, mask.width - 1)
        let value = mask.pixels[row * mask.width + column]
        let differs =
          value != mask.pixels[row * mask.width + right]
          || value != mask.pixels[below * mask.width + column]
          || value != mask.pixels[below * mask.width + right]
        if differs { pixels.append(row * mask.width + column) }
      }
    }
    self.pixels = pixels
  }

  /// The share of the pixels within a disk of the other boundary's; nil without pixels.
  func share(near other: MaskBoundary, radius: Int) -> Double? {
    if pixels.isEmpty { return nil }
    let near = other.dilated(radius)
    return Double(pixels.count { near[$0] }) / Double(pixels.count)
  }

  /// The pixels within a disk of a boundary pixel.
  private func dilated(_ radius: Int) -> [Bool] {
    let reaches = (-radius...radius).map { row in
      Int(Double(radius * radius - row * row).squareRoot())
    }
    var near = [Bool](repeating: false, count: width * height)
    for pixel in pixels {
      let (row, column) = (pixel / width, pixel % width)
      for (offset, reach) in reaches.enumerated() {
        let line = row + offset - radius
        guard (0..<height).contains(line) else { continue }
        for place in max(0, column - reach)...min(width - 1, column + reach) {
          near[line * width + place] = true
        }
      }
    }
    return near
  }
}
