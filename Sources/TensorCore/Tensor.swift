/// Single-precision values with a shape, row-major and without gaps.
///
/// Maps have the shape [batch, height, width, channels], so that a 1×1 convolution is one product.
public struct Tensor: Sendable, Equatable {
  /// The size of each dimension.
  public let shape: [Int]

  /// All values, the last dimension fastest.
  public internal(set) var values: [Float]

  /// Wraps values.
  ///
  /// - Parameters:
  ///   - shape: The size of each dimension.
  ///   - values: As many values as the sizes multiply to.
  /// - Precondition: The count agrees with the shape.
  public init(shape: [Int], values: [Float]) {
    precondition(
      values.count == shape.reduce(1, *), "shape \(shape) given \(values.count) values")
    self.shape = shape
    self.values = values
  }

  /// Makes values by writing all of them.
  ///
  /// - Parameters:
  ///   - shape: The size of each dimension.
  ///   - fill: Writes every value; the memory holds nothing before.
  public init(shape: [Int], fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    let count = shape.reduce(1, *)
    self.shape = shape
    values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
      initialized = count
    }
  }

  /// Zeros.
  ///
  /// - Parameter shape: The size of each dimension.
  public init(zeros shape: [Int]) {
    self.init(shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
  }

  /// The size of the last dimension.
  public var width: Int { shape[shape.count - 1] }

  /// How many rows of ``width`` values there are.
  public var rows: Int { width == 0 ? 0 : values.count / width }

  /// The same values in another shape.
  ///
  /// - Parameter shape: The new sizes; they multiply to the same count.
  /// - Returns: The values in that shape.
  public func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape: shape, values: values) }

  /// Some of the rows.
  ///
  /// - Parameter range: Which rows.
  /// - Returns: [count, ``width``].
  public func rows(_ range: Range<Int>) -> Tensor {
    precondition(range.upperBound <= rows, "rows \(range) of shape \(shape)")
    return Tensor(
      shape: [range.count, width],
      values: Array(values[range.lowerBound * width..<range.upperBound * width]))
  }

  /// Rows from anywhere, also more than once.
  ///
  /// - Parameter places: Which rows.
  /// - Returns: [count, ``width``].
  public func rows(at places: [Int]) -> Tensor {
    precondition(places.allSatisfy { $0 < rows }, "rows \(places) of shape \(shape)")
    var chosen: [Float] = []
    chosen.reserveCapacity(places.count * width)
    for place in places { chosen += row(place) }
    return Tensor(shape: [places.count, width], values: chosen)
  }

  /// The values of one row.
  ///
  /// - Parameter index: Which row.
  /// - Returns: ``width`` values.
  public func row(_ index: Int) -> ArraySlice<Float> {
    values[index * width..<(index + 1) * width]
  }

  /// Overwrites some of the rows.
  ///
  /// - Parameters:
  ///   - first: The first row that is overwritten.
  ///   - other: The new rows.
  public mutating func replaceRows(from first: Int, with other: Tensor) {
    precondition(
      other.width == width && first + other.rows <= rows,
      "rows of \(other.shape) into \(shape) from row \(first)")
    let start = first * width
    values.replaceSubrange(start..<start + other.values.count, with: other.values)
  }
}
