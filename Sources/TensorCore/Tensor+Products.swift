import CKernels

extension Tensor {
  /// How many values of a result stay in a core's cache between the product and what follows.
  private static let cachedValues = 64 * 1024

  /// The matrix product.
  ///
  /// - Parameters:
  ///   - other: [``width``, n], or [n, ``width``] when `transposed`.
  ///   - transposed: Whether the other's rows and columns are exchanged.
  ///   - scale: What the product is multiplied by.
  /// - Returns: [``rows``, n].
  public func product(_ other: Tensor, transposed: Bool = false, scale: Float = 1) -> Tensor {
    let columns = transposed ? other.rows : other.width
    precondition(
      width == (transposed ? other.width : other.rows),
      "\(shape) times \(other.shape)\(transposed ? ", transposed" : "")")
    return Tensor(shape: [rows, columns]) { result in
      values.withUnsafeBufferPointer { left in
        other.values.withUnsafeBufferPointer { right in
          guard let left = left.baseAddress, let right = right.baseAddress,
            let start = result.baseAddress
          else { return }
          BLAS.multiply(
            BLAS.Matrix(start: left, rows: rows, columns: width, stride: width),
            BLAS.Matrix(
              start: right, rows: other.rows, columns: other.width, stride: other.width,
              transposed: transposed),
            scale: scale, into: start, stride: columns)
        }
      }
    }
  }

  /// A linear layer, and what follows it, on the last dimension.
  ///
  /// Large results are made in bands of rows, so that the activation finds them in the cache.
  ///
  /// - Parameters:
  ///   - weight: [``width``, n].
  ///   - bias: n values.
  ///   - activation: What follows.
  /// - Returns: The shape with n in place of ``width``.
  public func linear(weight: Tensor, bias: Tensor, activation: Activation = .none) -> Tensor {
    let columns = weight.width
    precondition(
      weight.rows == width && bias.values.count == columns,
      "linear \(weight.shape) + \(bias.shape) for \(shape)")
    let band = max(48, Self.cachedValues / (columns + width))
    return Tensor(shape: shape.dropLast() + [columns]) { result in
      values.withUnsafeBufferPointer { left in
        weight.values.withUnsafeBufferPointer { right in
          guard let left = left.baseAddress, let right = right.baseAddress,
            let start = result.baseAddress
          else { return }
          let matrix = BLAS.Matrix(start: right, rows: width, columns: columns, stride: columns)
          for first in stride(from: 0, to: rows, by: band) {
            let count = min(band, rows - first)
            let target = start + first * columns
            BLAS.multiply(
              BLAS.Matrix(start: left + first * width, rows: count, columns: width, stride: width),
              matrix, into: target, stride: columns)
            activation.apply(to: target, bias: bias, rows: count, columns: columns)
          }
        }
      }
    }
  }
}

extension Activation {
  /// Adds a bias to each row and applies the activation, in place.
  func apply(to start: UnsafeMutablePointer<Float>, bias: Tensor, rows: Int, columns: Int) {
    let kernels = kernel_table_best().pointee
    kernels.bias_activation(start, bias.values, rows, columns, fused)
    if self == .gelu { kernels.gelu(start, rows * columns) }
  }
}
