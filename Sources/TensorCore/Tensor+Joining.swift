extension Tensor {
  /// The rows of several tensors, one after the other.
  ///
  /// - Parameter parts: Tensors of the same ``width``; at least one.
  /// - Returns: [sum of rows, width].
  public static func joinedRows(_ parts: [Tensor]) -> Tensor {
    let width = parts[0].width
    precondition(
      parts.allSatisfy { $0.width == width }, "rows of \(parts.map(\.shape)) side by side")
    return Tensor(
      shape: [parts.reduce(0) { $0 + $1.rows }, width], values: parts.flatMap(\.values))
  }

  /// Each row of several tensors, side by side.
  ///
  /// - Parameter parts: Tensors with as many rows as each other; at least one.
  /// - Returns: [rows, sum of widths].
  public static func joinedColumns(_ parts: [Tensor]) -> Tensor {
    let rows = parts[0].rows
    precondition(
      parts.allSatisfy { $0.rows == rows }, "columns of \(parts.map(\.shape)) side by side")
    var values: [Float] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    for row in 0..<rows { for part in parts { values += part.row(row) } }
    return Tensor(shape: [rows, parts.reduce(0) { $0 + $1.width }], values: values)
  }

  /// Tensors of the same shape, one after the other, as a batch.
  ///
  /// - Parameter parts: At least one.
  /// - Returns: [count] before the shape of the parts.
  public static func batch(_ parts: [Tensor]) -> Tensor {
    let shape = parts[0].shape
    precondition(parts.allSatisfy { $0.shape == shape }, "a batch of \(parts.map(\.shape))")
    return Tensor(shape: [parts.count] + shape, values: parts.flatMap(\.values))
  }

  /// One part of a batch.
  ///
  /// - Parameter index: Which part.
  /// - Returns: Its values, in the shape without the first dimension.
  public func part(_ index: Int) -> Tensor {
    let count = values.count / shape[0]
    return Tensor(
      shape: Array(shape.dropFirst()), values: Array(values[index * count..<(index + 1) * count]))
  }

  /// Rows whose cache lines stay near while columns are written.
  private static let transposedTogether = 64

  /// Rows and columns exchanged: [rows, columns] → [columns, rows].
  ///
  /// - Returns: The exchanged matrix.
  public func transposed() -> Tensor {
    let (rows, columns) = (rows, width)
    return Tensor(shape: [columns, rows]) { result in
      values.withUnsafeBufferPointer { values in
        for first in stride(from: 0, to: rows, by: Self.transposedTogether) {
          let last = min(first + Self.transposedTogether, rows)
          for column in 0..<columns {
            for row in first..<last { result[column * rows + row] = values[row * columns + column] }
          }
        }
      }
    }
  }
}
