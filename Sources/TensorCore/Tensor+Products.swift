extension Tensor {
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
  /// What a row becomes is the same to the last bit whatever the other rows are.
  ///
  /// - Parameters:
  ///   - layer: Takes ``width`` values of each row.
  ///   - activation: What follows.
  /// - Returns: The shape with the layer's outputs in place of ``width``.
  public func linear(_ layer: LinearWeights, activation: Activation = .none) -> Tensor {
    precondition(
      layer.inputs == width, "a linear layer of \(layer.inputs) inputs for \(shape)")
    return Tensor(shape: shape.dropLast() + [layer.outputs]) { result in
      guard let start = result.baseAddress else { return }
      layer.apply(values, rows: rows, activation: activation, into: start)
    }
  }
}
