import CKernels

/// How exactly factors of products are kept; sums are always single precision.
public enum ProductPrecision: String, Sendable, CaseIterable {
  /// Single precision: 24 bits.
  case single = "float32"

  /// Half of its width: 8 bits, and the same range. Weights and values are rounded to it.
  case bfloat16 = "bf16"

  /// Whether this processor has the instructions.
  public var isSupported: Bool { self == .single || kernel_bfloat16_usable() != 0 }
}
