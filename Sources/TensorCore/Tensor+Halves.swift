import CKernels

extension Tensor {
  /// Widens half-precision values.
  ///
  /// - Parameters:
  ///   - shape: The size of each dimension.
  ///   - halves: IEEE half precision, little endian, of any alignment.
  /// - Precondition: There are two bytes for each value.
  public init(shape: [Int], widening halves: UnsafeRawBufferPointer) {
    precondition(
      halves.count == 2 * shape.reduce(1, *), "shape \(shape) given \(halves.count) bytes")
    self.init(shape: shape) { result in
      guard let start = result.baseAddress,
        let bytes = halves.assumingMemoryBound(to: UInt8.self).baseAddress
      else { return }
      kernel_table_best().pointee.widen(bytes, start, result.count)
    }
  }
}
