import CKernels

/// Sizes of a convolution with SAME padding, worked out apart from the engine.
struct Window {
  let imported: kernel_window

  init(_ height: Int, _ width: Int, _ channels: Int, _ size: Int, _ stride: Int) {
    func padding(_ count: Int) -> Int {
      let places = (count + stride - 1) / stride
      return max((places - 1) * stride + size - count, 0) / 2
    }
    imported = kernel_window(
      height: height, width: width, channels: channels, size: size, stride: stride,
      top: padding(height), left: padding(width), new_height: (height + stride - 1) / stride,
      new_width: (width + stride - 1) / stride, kept: height)
  }
}

/// Numbers that look random and are the same every time.
enum Noise {
  static func values(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return (Float(state >> 40) / Float(1 << 23) - 1) * scale
    }
  }

  /// The largest difference, as a part of the largest magnitude or of 1.
  static func distance(_ found: [Float], _ expected: [Double]) -> Double {
    guard found.count == expected.count, found.allSatisfy(\.isFinite) else { return .infinity }
    let magnitude = expected.reduce(1) { max($0, abs($1)) }
    return zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / magnitude
  }
}

/// The operations as their definitions say, one value after the other, in double precision.
enum Naive {
  static func activated(_ x: Double, _ activation: Int) -> Double {
    activation == 0 ? x : activation == 1 ? max(x, 0) : min(max(x, 0), 6)
  }

  /// The value of a map's pixel; zero outside of it.
  private static func pixel(
    _ map: [Float], _ w: kernel_window, _ y: Int, _ x: Int, _ c: Int
  ) -> Double {
    guard (0..<w.height).contains(y), (0..<w.width).contains(x) else { return 0 }
    return Double(map[(y * w.width + x) * w.channels + c])
  }

  static func depthwise(
    _ map: [Float], _ w: kernel_window, _ weight: [Float], _ bias: [Float], _ activation: Int
  ) -> [Double] {
    var result: [Double] = []
    for y in 0..<w.new_height {
      for x in 0..<w.new_width {
        for c in 0..<w.channels {
          var sum = Double(bias[c])
          for k in 0..<w.size * w.size {
            let row = y * w.stride + k / w.size - w.top
            let column = x * w.stride + k % w.size - w.left
            sum += pixel(map, w, row, column, c) * Double(weight[k * w.channels + c])
          }
          result.append(activated(sum, activation))
        }
      }
    }
    return result
  }

  static func patches(_ map: [Float], _ w: kernel_window) -> [Float] {
    var result: [Float] = []
    for place in 0..<w.new_height * w.new_width {
      for k in 0..<w.size * w.size {
        let row = place / w.new_width * w.stride + k / w.size - w.top
        let column = place % w.new_width * w.stride + k % w.size - w.left
        result += (0..<w.channels).map { Float(pixel(map, w, row, column, $0)) }
      }
    }
    return result
  }

  static func layerNorm(
    _ x: [Float], _ weight: [Float], _ bias: [Float], _ count: Int
  ) -> [Double] {
    stride(from: 0, to: x.count, by: count).flatMap { start -> [Double] in
      let row = x[start..<start + count].map(Double.init)
      let mean = row.reduce(0, +) / Double(count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      return row.indices.map {
        (row[$0] - mean) / (variance + 1e-5).squareRoot() * Double(weight[$0]) + Double(bias[$0])
      }
    }
  }

  static func doubled(_ map: [Float], _ height: Int, _ width: Int, _ channels: Int) -> [Double] {
    func place(_ new: Int, _ count: Int) -> (Int, Int, Double) {
      let exact = max(0, (Double(new) + 0.5) / 2 - 0.5)
      return (Int(exact), min(Int(exact) + 1, count - 1), exact - Double(Int(exact)))
    }
    var result: [Double] = []
    for (y, x) in (0..<4 * height * width).map({ ($0 / (2 * width), $0 % (2 * width)) }) {
      let (top, bottom, v) = place(y, height)
      let (left, right, u) = place(x, width)
      for c in 0..<channels {
        func value(_ y: Int, _ x: Int) -> Double { Double(map[(y * width + x) * channels + c]) }
        let above = value(top, left) * (1 - u) + value(top, right) * u
        let below = value(bottom, left) * (1 - u) + value(bottom, right) * u
        result.append(above * (1 - v) + below * v)
      }
    }
    return result
  }

  static func means(
    _ map: [Float], _ height: Int, _ width: Int, _ channels: Int, _ factor: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: map.count / (factor * factor))
    for (index, value) in map.enumerated() {
      let (pixel, c) = (index / channels, index % channels)
      let (y, x) = (pixel / width / factor, pixel % width / factor)
      result[(y * (width / factor) + x) * channels + c] += Double(value)
    }
    return result.map { $0 / Double(factor * factor) }
  }

  /// left [rows, inner] · right [inner, columns].
  static func product(_ left: [Float], _ right: [Float], rows: Int, inner: Int) -> [Double] {
    let columns = right.count / inner
    return (0..<rows * columns).map { place in
      (0..<inner).reduce(0) {
        $0 + Double(left[place / columns * inner + $1])
          * Double(right[$1 * columns + place % columns])
      }
    }
  }
}
