import CKernels

extension Tensor {
  /// Pixel values of three colours as numbers: (value - mean) / scale.
  ///
  /// - Parameters:
  ///   - shape: The size of each dimension, the last one 3.
  ///   - pixels: A byte for each value.
  ///   - mean: Of each colour.
  ///   - scale: Of each colour.
  /// - Precondition: There is a byte for each value.
  public init(shape: [Int], pixels: [UInt8], mean: [Float], scale: [Float]) {
    precondition(
      shape.last == 3 && pixels.count == shape.reduce(1, *) && mean.count == 3 && scale.count == 3,
      "a picture of \(pixels.count) bytes for \(shape)")
    self.init(shape: shape) { result in
      guard let start = result.baseAddress else { return }
      kernel_table_best().pointee.normalise(pixels, result.count / 3, mean, scale, start)
    }
  }

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
