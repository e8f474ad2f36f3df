/// A depthwise convolution with SAME padding, and what follows it.
public struct DepthwiseWeights: Sendable {
  /// Pixels of the window each way.
  public let size: Int

  /// Pixels from one window to the next.
  public let stride: Int

  /// Channels that come in and go out.
  public var channels: Int { bias.values.count }

  let weight: Tensor
  let bias: Tensor
  let activation: Activation

  /// Puts the parts together.
  ///
  /// - Parameters:
  ///   - weight: [size, size, channels].
  ///   - bias: A value for each channel.
  ///   - stride: Pixels from one window to the next.
  ///   - activation: What follows.
  public init(weight: Tensor, bias: Tensor, stride: Int, activation: Activation) {
    let size = weight.shape[0]
    precondition(
      weight.shape == [size, size, bias.values.count],
      "a depthwise weight of \(weight.shape) with a bias of \(bias.shape)")
    self.size = size
    self.stride = stride
    self.weight = weight
    self.bias = bias
    self.activation = activation
  }

  /// The layer for some of the channels.
  func channels(_ range: Range<Int>) -> DepthwiseWeights {
    func part(_ rows: Tensor) -> [Float] {
      (0..<rows.rows).flatMap { rows.row($0).dropFirst(range.lowerBound).prefix(range.count) }
    }
    return DepthwiseWeights(
      weight: Tensor(shape: [size, size, range.count], values: part(weight)),
      bias: Tensor(shape: [range.count], values: Array(bias.values[range])), stride: stride,
      activation: activation)
  }
}
