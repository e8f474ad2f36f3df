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

  /// x / (1 + e^(-1.702 · x)), CLIP's approximation of GELU.
  case quickGELU

  /// What the fused kernels are told; both kinds of GELU have a pass of their own.
  var fused: Int32 {
    switch self {
    case .none, .gelu, .quickGELU: Int32(kernel_activation_none.rawValue)
    case .relu: Int32(kernel_activation_relu.rawValue)
    case .relu6: Int32(kernel_activation_relu6.rawValue)
    }
  }

  /// Whether the fused kernels can apply it.
  var isFused: Bool { self != .gelu && self != .quickGELU }

  /// Applies what the fused kernels have left out.
  func finish(_ start: UnsafeMutablePointer<Float>, _ count: Int) {
    switch self {
    case .gelu: kernel_table_best().pointee.gelu(start, count)
    case .quickGELU: kernel_table_best().pointee.quick_gelu(start, count)
    case .none, .relu, .relu6: break
    }
  }
}
