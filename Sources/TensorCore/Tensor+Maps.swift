import CKernels

extension kernel_window {
  /// The sizes of a convolution of maps [batch, height, width, channels].
  init(of shape: [Int], size: Int, stride: Int, padding: Padding) {
    precondition(shape.count == 4, "\(shape) is no map [batch, height, width, channels]")
    let (top, newHeight) = padding.places(of: shape[1], size: size, stride: stride)
    let (left, newWidth) = padding.places(of: shape[2], size: size, stride: stride)
    self.init(
      height: shape[1], width: shape[2], channels: shape[3], size: size, stride: stride,
      top: top, left: left, new_height: newHeight, new_width: newWidth, kept: shape[1])
  }
}

extension Tensor {
  /// The sizes of a convolution.
  func window(size: Int, stride: Int, padding: Padding = .same) -> kernel_window {
    kernel_window(of: shape, size: size, stride: stride, padding: padding)
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
    let shape = [shape[0], window.new_height, window.new_width, width]
    OperationCounter.add(results: shape.reduce(1, *), inner: layer.size * layer.size)
    return eachMap(to: shape) { map, result in
      kernel_table_best().pointee.depthwise(
        map, &window, 0, window.new_height, layer.weight.values, layer.bias.values,
        layer.activation.fused, result)
      layer.activation.finish(result, window.new_height * window.new_width * width)
    }
  }

  /// A convolution whose windows see all channels.
  ///
  /// What a place becomes is the same to the last bit wherever it lies.
  ///
  /// - Parameters:
  ///   - layer: Takes size · size · channels values: row after row of the window.
  ///   - size: Pixels of the window each way.
  ///   - stride: Pixels from one window to the next.
  ///   - padding: Zeros around each map.
  ///   - activation: What follows.
  /// - Returns: [batch, new height, new width, outputs], with SAME padding ⌈height / stride⌉ and
  ///   ⌈width / stride⌉.
  public func convolved(
    _ layer: LinearWeights, size: Int, stride: Int, padding: Padding = .same,
    activation: Activation = .none
  ) -> Tensor {
    precondition(
      layer.inputs == size * size * width,
      "a convolution of \(layer.inputs) inputs for \(size)×\(size) pixels of \(shape)")
    let maps = padded(window(size: size, stride: stride, padding: padding))
    // Nothing is left to be padded.
    let window = maps.window(size: size, stride: stride, padding: .symmetric(0))
    let shape = [shape[0], window.new_height, window.new_width, layer.outputs]
    return Tensor(shape: shape) { result in
      guard let start = result.baseAddress else { return }
      layer.convolve(maps.values, count: shape[0], window, activation: activation, into: start)
    }
  }

  /// The maps with the zeros around them that windows need; the maps themselves when they need none.
  func padded(_ window: kernel_window) -> Tensor {
    let height = (window.new_height - 1) * window.stride + window.size
    let width = (window.new_width - 1) * window.stride + window.size
    guard (window.top, window.left) != (0, 0) || height > shape[1] || width > shape[2] else {
      return self
    }
    var window = window
    return eachMap(to: [shape[0], height, width, self.width]) { map, result in
      kernel_pad(map, &window, height, width, result)
    }
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

  /// The largest of each square of 2×2 pixels; an odd last row or column is left out.
  ///
  /// - Returns: [batch, height / 2, width / 2, channels].
  public func maxPooled() -> Tensor {
    precondition(shape.count == 4, "\(shape) is no map [batch, height, width, channels]")
    let (channels, line) = (width, shape[2] * width)
    let (newHeight, newWidth) = (shape[1] / 2, shape[2] / 2)
    return eachMap(to: [shape[0], newHeight, newWidth, channels]) { map, result in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let square = map + 2 * y * line + 2 * x * channels
          let target = result + (y * newWidth + x) * channels
          for channel in 0..<channels {
            let (a, b) = (square[channel], square[channel + channels])
            let (c, d) = (square[line + channel], square[line + channel + channels])
            let (upper, lower) = (a > b ? a : b, c > d ? c : d)
            target[channel] = upper > lower ? upper : lower
          }
        }
      }
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
    return reduced(parts: shape[0]) { $0 + $1 }.map { $0 / Float(shape[1] * shape[2]) }
  }

  /// The mean of all rows.
  ///
  /// - Returns: [1, ``width``].
  public func meanOfRows() -> Tensor { reduced(parts: 1) { $0 + $1 }.map { $0 / Float(rows) } }

  /// The largest value of each column.
  ///
  /// - Returns: [1, ``width``].
  public func maximumOfRows() -> Tensor { reduced(parts: 1) { $1 > $0 ? $1 : $0 } }

  /// Takes the rows of equal parts together, one after the other: [parts, ``width``].
  @inline(__always)
  private func reduced(parts: Int, _ combine: (Float, Float) -> Float) -> Tensor {
    let (width, count) = (width, rows / parts)
    return Tensor(shape: [parts, width]) { result in
      values.withUnsafeBufferPointer { values in
        for part in 0..<parts {
          for column in 0..<width {
            result[part * width + column] = values[part * count * width + column]
          }
          for row in part * count + 1..<(part + 1) * count {
            for column in 0..<width {
              let place = part * width + column
              result[place] = combine(result[place], values[row * width + column])
            }
          }
        }
      }
    }
  }
}
