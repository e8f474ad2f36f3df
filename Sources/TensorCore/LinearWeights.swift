import CKernels

/// Weights and biases of a linear layer, in the order in which its kernel reads them.
public struct LinearWeights: Sendable {
  /// Values of each row that come in.
  public let inputs: Int

  /// Values of each row that go out.
  public let outputs: Int

  /// Panels of columns; see `kernel_pack`.
  let packed: [Float]

  /// Puts weights in order.
  ///
  /// - Parameters:
  ///   - weight: [inputs, outputs].
  ///   - bias: A value for each output.
  public init(weight: Tensor, bias: Tensor) {
    let (inputs, outputs) = (weight.rows, weight.width)
    precondition(
      bias.values.count == outputs, "a bias of \(bias.shape) for a weight of \(weight.shape)")
    let count = kernel_packed_count(inputs, outputs)
    self.inputs = inputs
    self.outputs = outputs
    packed = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress {
        kernel_pack(weight.values, bias.values, inputs, outputs, start)
      }
      initialized = count
    }
  }
}
