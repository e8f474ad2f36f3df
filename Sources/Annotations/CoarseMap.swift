import Foundation

/// A value for each place of a frame, such as how sure a model is that it sounds: a coarse grid over the whole
/// frame.
public struct CoarseMap: Codable, Hashable, Sendable {
  /// Rows and columns of the grid.
  public var size: [Int]

  /// Base64 of one byte a cell, row by row: 0 for a value of 0 up to 255 for 1.
  public var values: String

  /// The most rows or columns that a grid is made with.
  public static let mostCells = 16

  /// Sums values up.
  ///
  /// - Parameters:
  ///   - width: Values in a row.
  ///   - height: Rows.
  ///   - value: The value at a column and row, 0 to 1.
  public init(width: Int, height: Int, value: (_ x: Int, _ y: Int) -> Float) {
    let (rows, columns) = (min(height, Self.mostCells), min(width, Self.mostCells))
    var bytes: [UInt8] = []
    for row in 0..<rows {
      let ys = (row * height / rows)..<((row + 1) * height / rows)
      for column in 0..<columns {
        let xs = (column * width / columns)..<((column + 1) * width / columns)
        var sum: Float = 0
        for y in ys { for x in xs { sum += value(x, y) } }
        let mean = sum / Float(ys.count * xs.count)
        bytes.append(UInt8(min(max(255 * mean, 0), 255).rounded()))
      }
    }
    size = [rows, columns]
    values = Data(bytes).base64EncodedString()
  }

  /// The cells, row by row; nil when the document does not hold what it should.
  public var cells: [UInt8]? {
    guard size.count == 2, size.allSatisfy({ (1...1024).contains($0) }),
      let data = Data(base64Encoded: values), data.count == size[0] * size[1]
    else { return nil }
    return Array(data)
  }
}
