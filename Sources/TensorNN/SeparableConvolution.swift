public import TensorCore

/// A depthwise convolution and a 1×1 convolution, perhaps with a convolution before them: the layer of MobileNets
/// and, with more channels inside, the inverted residual of EfficientNets; with a full convolution the beginning of both.
public struct SeparableConvolution: Sendable {
  private let layers: SeparableLayers
  private let isResidual: Bool

  /// Puts convolutions together.
  ///
  /// - Parameters:
  ///   - expand: A convolution that is 1×1 or has SAME padding, or none.
  ///   - depthwise: A depthwise convolution.
  ///   - project: A 1×1 convolution.
  ///   - isResidual: Whether what comes in is added to what goes out.
  public init(
    expand: Convolution? = nil, depthwise: Convolution, project: Convolution,
    isResidual: Bool = false
  ) {
    guard let middle = depthwise.depthwise, let last = project.pointwise,
      expand == nil || expand?.first != nil
    else { preconditionFailure("a separable convolution is a full one, a depthwise and a 1×1") }
    layers = SeparableLayers(expand: expand?.first, depthwise: middle, project: last)
    self.isResidual = isResidual
  }

  /// Applies the layers.
  ///
  /// - Parameter x: [batch, height, width, inputs].
  /// - Returns: [batch, ⌈height / strides⌉, ⌈width / strides⌉, outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor { layers(x, isResidual: isResidual) }
}
