import CKernels

/// Weights and biases of a linear layer.
public struct LinearWeights: Sendable {
  /// Where the weights are.
  private enum Form: Sendable {
    /// In the order in which the kernel reads them; see `kernel_pack`.
    case packed([Float])

    /// Where they were stored. Each use packs a panel of columns at a time, which costs about as much as
    /// one row or two of the product.
    case stored(StoredMatrix, bias: [Float])
  }

  /// Values of each row that come in.
  public let inputs: Int

  /// Values of each row that go out.
  public let outputs: Int

  private let form: Form

  /// Puts weights in order.
  ///
  /// - Parameters:
  ///   - weight: [inputs, outputs].
  ///   - bias: A value for each output.
  public init(weight: Tensor, bias: Tensor) {
    self.init(inputs: weight.rows, outputs: weight.width, bias: bias) { packed in
      kernel_pack(weight.values, bias.values, weight.rows, weight.width, packed)
    }
  }

  /// Puts weights in order that are stored the other way.
  ///
  /// - Parameters:
  ///   - transposed: [outputs, inputs].
  ///   - bias: A value for each output.
  public init(transposed: Tensor, bias: Tensor) {
    self.init(inputs: transposed.width, outputs: transposed.rows, bias: bias) { packed in
      kernel_pack_transposed(
        transposed.values, bias.values, transposed.width, transposed.rows, packed)
    }
  }

  /// Uses weights where they are.
  ///
  /// - Parameters:
  ///   - stored: The weights.
  ///   - bias: A value for each output.
  public init(stored: StoredMatrix, bias: Tensor) {
    precondition(bias.values.count == stored.outputs, "a bias of \(bias.shape)")
    (inputs, outputs) = (stored.inputs, stored.outputs)
    form = .stored(stored, bias: bias.values)
  }

  private init(
    inputs: Int, outputs: Int, bias: Tensor, pack: (UnsafeMutablePointer<Float>) -> Void
  ) {
    precondition(
      bias.values.count == outputs, "a bias of \(bias.shape) for \(outputs) outputs")
    self.inputs = inputs
    self.outputs = outputs
    let count = kernel_packed_count(inputs, outputs)
    form = .packed(
      [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let start = buffer.baseAddress { pack(start) }
        initialized = count
      })
  }

  /// activation(x · weight + bias): [rows, inputs] → [rows, outputs].
  ///
  /// A row's result is the same to the last bit whatever the other rows are, and wherever the
  /// weights are.
  func apply(
    _ x: UnsafePointer<Float>, rows: Int, activation: Activation,
    into result: UnsafeMutablePointer<Float>
  ) {
    OperationCounter.add(results: rows * outputs, inner: inputs)
    let kernels = kernel_table_best().pointee
    eachPanel { packed, first, columns in
      kernels.linear(
        x, rows, inputs, packed, columns, activation.fused, result + first, outputs)
    }
    activation.finish(result, rows * outputs)
  }

  /// Lends the weights in the kernels' order: all columns, or panel after panel.
  func eachPanel(
    _ body: (_ packed: UnsafePointer<Float>, _ first: Int, _ columns: Int) -> Void
  ) {
    switch form {
    case .packed(let packed): body(packed, 0, outputs)
    case .stored(let matrix, let bias): matrix.eachPanel(bias: bias, body)
    }
  }
}
