import CKernels

extension Tensor {
  /// Adds another tensor; one with fewer values is added to each part of that size.
  ///
  /// - Parameter other: As many values, or a divisor of that, as for a bias a row.
  public mutating func add(_ other: Tensor) {
    let part = other.values.count
    precondition(part > 0 && values.count % part == 0, "\(shape) plus \(other.shape)")
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      for first in stride(from: 0, to: values.count, by: part) {
        kernel_table_best().pointee.add(start + first, other.values, part)
      }
    }
  }

  /// The sum of two tensors.
  ///
  /// - Parameters:
  ///   - left: The tensor whose shape the sum has.
  ///   - right: As many values, or a divisor of that.
  /// - Returns: The sum.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    var sum = left
    sum.add(right)
    return sum
  }

  /// scale · ln(x + offset) of each value, to about 1e-7.
  ///
  /// - Parameters:
  ///   - offset: Makes all values positive.
  ///   - scale: What the logarithms are multiplied by.
  public mutating func logarithm(offset: Float, scale: Float = 1) {
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      kernel_table_best().pointee.logarithm(start, offset, scale, values.count)
    }
  }

  /// ln(Σ e^(2·x)) / 2 of each column: a soft maximum of the rows.
  ///
  /// - Returns: ``width`` values.
  public func softUnion() -> [Float] {
    precondition(rows > 0, "the union of no rows, \(shape)")
    return Tensor(shape: [width]) { result in
      guard let start = result.baseAddress else { return }
      kernel_table_best().pointee.soft_union(values, rows, width, start)
    }.values
  }

  /// Whether no value is infinite or no number.
  public var isFinite: Bool { kernel_all_finite(values, values.count) != 0 }

  /// The sum of the squares of all values.
  public var squareSum: Double { kernel_table_best().pointee.square_sum(values, values.count) }

  /// The soft maximum of each row.
  public mutating func softmax() {
    let (rows, width) = (rows, width)
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      kernel_table_best().pointee.softmax(start, rows, width)
    }
  }

  /// Each row to mean 0 and variance 1, times a weight, plus a bias.
  ///
  /// - Parameters:
  ///   - weight: ``width`` values.
  ///   - bias: ``width`` values.
  ///   - epsilon: What is added to the variance.
  /// - Returns: The same shape.
  public func layerNormalised(weight: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
    precondition(
      weight.values.count == width && bias.values.count == width,
      "norm of \(weight.shape), \(bias.shape) for \(shape)")
    return Tensor(shape: shape) { result in
      guard let start = result.baseAddress else { return }
      kernel_table_best().pointee.layer_norm(
        values, weight.values, bias.values, epsilon, rows, width, start)
    }
  }

  /// A function of each value.
  ///
  /// - Parameter transform: The function.
  /// - Returns: The same shape.
  public func map(_ transform: (Float) -> Float) -> Tensor {
    Tensor(shape: shape, values: values.map(transform))
  }
}
