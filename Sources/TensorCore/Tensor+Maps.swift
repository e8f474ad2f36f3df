import CKernels

extension Tensor {
  /// The sizes of a convolution with TensorFlow's SAME padding: the odd pixel of zeros goes to the
  /// bottom and to the right.
  func window(size: Int, stride: Int) -> kernel_window {
    precondition(shape.count == 4, "\(shape) is no map [batch, height, width, channels]")
    let newHeight = (shape[1] + stride - 1) / stride
    let newWidth = (shape[2] + stride - 1) / stride
    return kernel_window(
      height: shape[1], width: shape[2], channels: shape[3], size: size, stride: stride,
      top: max(0, (newHeight - 1) * stride + size - shape[1]) / 2,
      left: max(0, (newWidth - 1) * stride + size - shape[2]) / 2,
      new_height: newHeight, new_width: newWidth, kept: shape[1])
  }

  /// Makes a tensor from each map of the batch.
  private func eachMap(
    to shape: [Int], _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    Tensor(shape: shape) { result in
      values.withUnsafeBufferPointer { maps in
        guard let map = maps.baseAddress, let start = result.baseAddress else { return }
        for index in 0..<self.shape[0] {
          body(
            map + index * (maps.count / self.shape[0]),
            start + index * (result.count / self.shape[0]))
        }
      }
    }
  }

  /// A depthwise convolution with SAME padding.
  ///
  /// - Parameter layer: Takes maps of as many channels.
  /// - Returns: [batch, ⌈height / stride⌉, ⌈width / stride⌉, channels].
  public func depthwise(_ layer: DepthwiseWeights) -> Tensor {
    precondition(layer.channels == width, "\(layer.channels) channels for \(shape)")
    var window = window(size: layer.size, stride: layer.stride)
    return eachMap(to: [shape[0], window.new_height, window.new_width, width]) { map, result in
      kernel_table_best().pointee.depthwise(
        map, &window, 0, window.new_height, layer.weight.values, layer.bias.values,
        layer.activation.fused, result)
    }
  }

  /// The pixels under a window at each place, with SAME padding, for a convolution by one product.
  ///
  /// - Parameters:
  ///   - size: Pixels of the window each way.
  ///   - stride: Pixels from one window to the next.
  /// - Returns: [batch, ⌈height / stride⌉, ⌈width / stride⌉, size · size · channels].
  public func patches(size: Int, stride: Int) -> Tensor {
    var window = window(size: size, stride: stride)
    let shape = [shape[0], window.new_height, window.new_width, size * size * width]
    return eachMap(to: shape) { map, result in kernel_patches(map, &window, result) }
  }

  /// Adds a map of half the height and width, doubled bilinearly (pixel centres aligned).
  ///
  /// - Parameter half: [1, height / 2, width / 2, channels].
  public mutating func addUpsampled(_ half: Tensor) {
    precondition(
      shape.count == 4 && half.shape == [1, shape[1] / 2, shape[2] / 2, width] && shape[0] == 1
        && shape[1] % 2 == 0 && shape[2] % 2 == 0,
      "\(half.shape) doubled and added to \(shape)")
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      kernel_table_best().pointee.add_upsampled(
        half.values, half.shape[1], half.shape[2], half.width, start)
    }
  }

  /// Means of squares of pixels.
  ///
  /// - Parameter factor: Pixels of a square each way; a divisor of height and width.
  /// - Returns: [batch, height / factor, width / factor, channels].
  public func meanPooled(_ factor: Int) -> Tensor {
    precondition(
      shape.count == 4 && shape[1] % factor == 0 && shape[2] % factor == 0,
      "means of \(factor)×\(factor) pixels of \(shape)")
    let (height, width) = (shape[1], shape[2])
    return eachMap(to: [shape[0], height / factor, width / factor, self.width]) { map, result in
      kernel_table_best().pointee.mean_pool(map, height, width, self.width, factor, result)
    }
  }

  /// Each pixel repeated `factor` times each way.
  ///
  /// - Parameter factor: How often.
  /// - Returns: [1, factor · height, factor · width, channels].
  public func repeated(_ factor: Int) -> Tensor {
    precondition(shape.count == 4 && shape[0] == 1, "\(shape) is no single map")
    var values: [Float] = []
    values.reserveCapacity(self.values.count * factor * factor)
    for y in 0..<shape[1] * factor {
      for x in 0..<shape[2] * factor { values += row(y / factor * shape[2] + x / factor) }
    }
    return Tensor(shape: [1, shape[1] * factor, shape[2] * factor, width], values: values)
  }

  /// The mean over all pixels of each map: [batch, height, width, channels] → [batch, channels].
  ///
  /// - Returns: One row for each map.
  public func meanOverPixels() -> Tensor {
    precondition(shape.count == 4, "\(shape) is no map [batch, height, width, channels]")
    let pixels = shape[1] * shape[2]
    return .joinedRows((0..<shape[0]).map { rows($0 * pixels..<($0 + 1) * pixels).meanOfRows() })
  }

  /// The mean of all rows.
  ///
  /// - Returns: [1, ``width``].
  public func meanOfRows() -> Tensor {
    var sums = [Float](repeating: 0, count: width)
    for index in 0..<rows {
      for (column, value) in row(index).enumerated() { sums[column] += value }
    }
    return Tensor(shape: [1, width], values: sums.map { $0 / Float(rows) })
  }

  /// The largest value of each column.
  ///
  /// - Returns: [1, ``width``].
  public func maximumOfRows() -> Tensor {
    var tops = Array(row(0))
    for index in 1..<rows {
      for (column, value) in row(index).enumerated() where value > tops[column] {
        tops[column] = value
      }
    }
    return Tensor(shape: [1, width], values: tops)
  }
}
