import CKernels

/// Weights and biases of a linear layer.
public struct LinearWeights: Sendable {
  /// Where the weights are.
  private enum Form: Sendable {
    /// In the order in which the kernel reads them; see `kernel_pack`.
    case packed([Float])

    /// The same, rounded; see `kernel_bfloat16_pack`.
    case rounded([UInt16])

    /// Where they were stored. Each use packs a panel of columns at a time, which costs about as much as
    /// one row or two of the product.
    case stored(StoredMatrix, bias: [Float])
  }

  /// Weights in the kernels' order.
  private enum Panel {
    case single(UnsafePointer<Float>)

    /// With the memory that a product of rounded values needs.
    case rounded(UnsafePointer<UInt16>, scratch: UnsafeMutablePointer<UInt16>)
  }

  /// Values of each row that come in.
  public let inputs: Int

  /// Values of each row that go out.
  public let outputs: Int

  private let form: Form
  private let precision: ProductPrecision

  /// Puts weights in order.
  ///
  /// - Parameters:
  ///   - weight: [inputs, outputs].
  ///   - bias: A value for each output.
  ///   - precision: How exactly factors are kept; the processor must support it.
  public init(weight: Tensor, bias: Tensor, precision: ProductPrecision = .single) {
    self.init(inputs: weight.rows, outputs: weight.width, bias: bias, precision) { packed in
      kernel_pack(weight.values, bias.values, weight.rows, weight.width, packed)
    }
  }

  /// Puts weights in order that are stored the other way.
  ///
  /// - Parameters:
  ///   - transposed: [outputs, inputs].
  ///   - bias: A value for each output.
  ///   - precision: How exactly factors are kept; the processor must support it.
  public init(transposed: Tensor, bias: Tensor, precision: ProductPrecision = .single) {
    self.init(
      inputs: transposed.width, outputs: transposed.rows, bias: bias, precision
    ) { packed in
      kernel_pack_transposed(
        transposed.values, bias.values, transposed.width, transposed.rows, packed)
    }
  }

  /// Uses weights where they are.
  ///
  /// - Parameters:
  ///   - stored: The weights.
  ///   - bias: A value for each output.
  ///   - precision: How exactly factors are kept; the processor must support it.
  public init(stored: StoredMatrix, bias: Tensor, precision: ProductPrecision = .single) {
    precondition(bias.values.count == stored.outputs, "a bias of \(bias.shape)")
    (inputs, outputs) = (stored.inputs, stored.outputs)
    self.precision = precision
    form = .stored(stored, bias: bias.values)
  }

  private init(
    inputs: Int, outputs: Int, bias: Tensor, _ precision: ProductPrecision,
    pack: (UnsafeMutablePointer<Float>) -> Void
  ) {
    precondition(
      bias.values.count == outputs, "a bias of \(bias.shape) for \(outputs) outputs")
    self.inputs = inputs
    self.outputs = outputs
    self.precision = precision
    let count = kernel_packed_count(inputs, outputs)
    let packed = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress { pack(start) }
      initialized = count
    }
    guard precision == .bfloat16 else {
      form = .packed(packed)
      return
    }
    let roundedCount = kernel_bfloat16_packed_count(inputs, outputs)
    form = .rounded(
      [UInt16](unsafeUninitializedCapacity: roundedCount) { buffer, initialized in
        if let start = buffer.baseAddress {
          kernel_bfloat16_pack(packed, inputs, outputs, start)
        }
        initialized = roundedCount
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
    eachPanel { panel, first, columns in
      switch panel {
      case .single(let packed):
        kernel_table_best().pointee.linear(
          x, rows, inputs, packed, columns, activation.fused, result + first, outputs)
      case .rounded(let packed, let scratch):
        kernel_bfloat16_linear(
          x, rows, inputs, packed, columns, activation.fused, scratch, result + first, outputs)
      }
    }
    activation.finish(result, rows * outputs)
  }

  /// Whether ``apply(_:rows:columns:activation:into:)`` and ``add(_:rows:inner:activation:into:)`` can be used.
  var isPacked: Bool { if case .packed = form { true } else { false } }

  /// Some columns of what ``apply(_:rows:activation:into:)`` gives, without gaps: x [rows, inputs] →
  /// [rows, columns]. Only for packed weights; the columns begin with a panel, and end with one or the last.
  func apply(
    _ x: UnsafePointer<Float>, rows: Int, columns: Range<Int>, activation: Activation,
    into result: UnsafeMutablePointer<Float>
  ) {
    guard case .packed(let packed) = form else { preconditionFailure("weights are not packed") }
    OperationCounter.add(results: rows * columns.count, inner: inputs)
    packed.withUnsafeBufferPointer { packed in
      guard let start = packed.baseAddress else { return }
      kernel_table_best().pointee.linear(
        x, rows, inputs, start + columns.lowerBound * (inputs + 1), columns.count,
        activation.fused, result, columns.count)
    }
  }

  /// Goes on with a result, [rows, outputs], that holds what earlier inputs gave: x has some of the inputs only,
  /// [rows, inner]. Only for packed weights. What the last inputs leave is what
  /// ``apply(_:rows:activation:into:)`` gives, to the last bit.
  func add(
    _ x: UnsafePointer<Float>, rows: Int, inner: Range<Int>, activation: Activation,
    into result: UnsafeMutablePointer<Float>
  ) {
    guard case .packed(let packed) = form else { preconditionFailure("weights are not packed") }
    OperationCounter.add(results: rows * outputs, inner: inner.count)
    let last = inner.upperBound == inputs ? activation : .none
    packed.withUnsafeBufferPointer { packed in
      guard let start = packed.baseAddress else { return }
      kernel_table_best().pointee.linear_part(
        x, rows, inner.count, inner.lowerBound, inputs, start, outputs, last.fused, result,
        outputs)
    }
  }

  /// activation(convolution + bias) of maps that are padded already; see the kernel of that name.
  func convolve(
    _ maps: UnsafePointer<Float>, count: Int, _ window: kernel_window, activation: Activation,
    into result: UnsafeMutablePointer<Float>
  ) {
    let results = count * window.new_height * window.new_width * outputs
    OperationCounter.add(results: results, inner: inputs)
    var window = window
    eachPanel { panel, first, columns in
      switch panel {
      case .single(let packed):
        kernel_table_best().pointee.convolution(
          maps, count, &window, packed, columns, activation.fused, result + first, outputs)
      case .rounded(let packed, let scratch):
        kernel_bfloat16_convolution(
          maps, count, &window, packed, columns, activation.fused, scratch, result + first,
          outputs)
      }
    }
    activation.finish(result, results)
  }

  /// Lends the weights in the kernels' order: all columns, or panel after panel.
  private func eachPanel(_ body: (_ panel: Panel, _ first: Int, _ columns: Int) -> Void) {
    let scratchCount = kernel_bfloat16_scratch_count(inputs)
    switch form {
    case .packed(let packed):
      packed.withUnsafeBufferPointer { packed in
        if let start = packed.baseAddress { body(.single(start), 0, outputs) }
      }
    case .rounded(let packed):
      packed.withUnsafeBufferPointer { packed in
        guard let start = packed.baseAddress else { return }
        Scratch.with(UInt16.self, scratchCount, 0) { scratch, _ in
          body(.rounded(start, scratch: scratch), 0, outputs)
        }
      }
    case .stored(let matrix, let bias) where precision == .single:
      matrix.eachPanel(bias: bias) { body(.single($0), $1, $2) }
    case .stored(let matrix, let bias):
      let widest = min(Int(kernel_panel_columns()), outputs)
      let packedCount = kernel_bfloat16_packed_count(inputs, widest)
      Scratch.with(UInt16.self, scratchCount, packedCount) { scratch, rounded in
        matrix.eachPanel(bias: bias) { packed, first, columns in
          kernel_bfloat16_pack(packed, inputs, columns, rounded)
          body(.rounded(rounded, scratch: scratch), first, columns)
        }
      }
    }
  }
}
