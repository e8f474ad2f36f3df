import CKernels

/// What follows a linear layer or a convolution.
public enum Activation: Sendable {
  /// Nothing.
  case none

  /// max(x, 0).
  case relu

  /// min(max(x, 0), 6).
  case relu6

  /// x · (1 + erf(x / √2)) / 2.
  case gelu

  /// What the fused kernels are told; GELU has a pass of its own.
  var fused: Int32 {
    switch self {
    case .none, .gelu: Int32(kernel_activation_none.rawValue)
    case .relu: Int32(kernel_activation_relu.rawValue)
    case .relu6: Int32(kernel_activation_relu6.rawValue)
    }
  }
}
