import CKernels
import Foundation
import Testing

/// Each set of kernels that this processor can run, against plain loops in double precision.
struct KernelTests {
  /// The sets, by their place in the list.
  static let sets = (0...).lazy.map { kernel_table_at($0) }.prefix { $0 != nil }.count

  private func kernels(_ index: Int) throws -> kernel_table {
    try #require(kernel_table_at(index)).pointee
  }

  @Test func `the first usable set is the best, and the last runs everywhere`() throws {
    #expect(kernel_table_best() == kernel_table_at(0))
    let last = try #require(kernel_table_at(Self.sets - 1))
    #expect(String(cString: last.pointee.isa) == "baseline")
    #expect(kernel_table_at(Self.sets) == nil)
  }

  @Test(arguments: 0..<sets)
  func `depthwise convolutions of every size are right`(set: Int) throws {
    let kernels = try kernels(set)
    for (size, stride, channels) in [
      (3, 1, 16), (3, 2, 24), (5, 1, 40), (5, 2, 33), (7, 1, 5), (7, 3, 17), (3, 1, 1), (5, 2, 64),
    ] {
      for (height, width) in [(1, 1), (2, 9), (7, 6), (12, 21)] {
        for activation in 0..<3 {
          var window = Window(height, width, channels, size, stride).imported
          let map = Noise.values(height * width * channels, seed: 1, scale: 4)
          let weight = Noise.values(size * size * channels, seed: 2)
          let bias = Noise.values(channels, seed: 3)
          let expected = Naive.depthwise(map, window, weight, bias, activation)
          var result = [Float](repeating: .nan, count: expected.count)
          kernels.depthwise(
            map, &window, 0, window.new_height, weight, bias, Int32(activation), &result)
          #expect(Noise.distance(result, expected) < 1e-5, "\(window), \(activation)")
        }
      }
    }
  }

  @Test(arguments: 0..<sets)
  func `a linear layer of any size is right, and its rows do not depend on each other`(
    set: Int
  ) throws {
    let kernels = try kernels(set)
    for (rows, inputs, outputs) in [
      (1, 1, 1), (2, 5, 15), (3, 9, 16), (4, 3, 17), (7, 160, 47), (8, 16, 48), (9, 24, 49),
      (5, 8, 64), (13, 7, 70), (17, 33, 96), (12, 6, 112), (31, 2, 113), (64, 40, 200),
    ] {
      let x = Noise.values(rows * inputs, seed: 4, scale: 4)
      let weight = Noise.values(inputs * outputs, seed: 5)
      let bias = Noise.values(outputs, seed: 6)
      var packed = [Float](repeating: .nan, count: kernel_packed_count(inputs, outputs))
      kernel_pack(weight, bias, inputs, outputs, &packed)
      let sums = Naive.product(x, weight, rows: rows, inner: inputs)
      for activation in 0..<3 {
        // One value more, which must stay as it is.
        var result = [Float](repeating: -77, count: rows * outputs + 1)
        kernels.linear(x, rows, inputs, packed, outputs, Int32(activation), &result, outputs)
        #expect(result.removeLast() == -77)
        let expected = sums.indices.map {
          Naive.activated(sums[$0] + Double(bias[$0 % outputs]), activation)
        }
        #expect(Noise.distance(result, expected) < 1e-5, "\(rows)×\(inputs)×\(outputs)")
        for row in 0..<rows {
          var alone = [Float](repeating: .nan, count: outputs)
          kernels.linear(
            Array(x[row * inputs..<(row + 1) * inputs]), 1, inputs, packed, outputs,
            Int32(activation), &alone, outputs)
          #expect(alone == Array(result[row * outputs..<(row + 1) * outputs]))
        }
      }
    }
  }

  @Test(arguments: 0..<sets)
  func `a linear layer in parts is the same to the last bit`(set: Int) throws {
    let kernels = try kernels(set)
    for (rows, inputs, outputs) in [
      (1, 2, 1), (7, 160, 47), (9, 24, 49), (13, 97, 70), (64, 40, 200),
    ] {
      let x = Noise.values(rows * inputs, seed: 4, scale: 4)
      var packed = [Float](repeating: .nan, count: kernel_packed_count(inputs, outputs))
      kernel_pack(
        Noise.values(inputs * outputs, seed: 5), Noise.values(outputs, seed: 6), inputs, outputs,
        &packed)
      var expected = [Float](repeating: .nan, count: rows * outputs)
      kernels.linear(x, rows, inputs, packed, outputs, 1, &expected, outputs)
      // One value more, which must stay as it is.
      var result = [Float](repeating: -77, count: rows * outputs + 1)
      let ends = [1, inputs / 2, inputs].filter { $0 > 0 }
      for (first, last) in zip([0] + ends, ends) where first < last {
        let part = (0..<rows).flatMap { x[$0 * inputs + first..<$0 * inputs + last] }
        kernels.linear_part(
          part, rows, last - first, first, inputs, packed, outputs, last == inputs ? 1 : 0, &result,
          outputs)
      }
      #expect(result.removeLast() == -77)
      #expect(result == expected, "\(rows)×\(inputs)×\(outputs)")
    }
  }

  @Test func `a matrix that is stored the other way is packed the same`() {
    for (inputs, outputs) in [(1, 1), (3, 50), (4, 4), (37, 131), (160, 48), (1, 20), (64, 3)] {
      let weight = Noise.values(inputs * outputs, seed: 20)
      let transposed = (0..<weight.count).map {
        weight[$0 % inputs * outputs + $0 / inputs]
      }
      let bias = Noise.values(outputs, seed: 21)
      var one = [Float](repeating: .nan, count: kernel_packed_count(inputs, outputs))
      var other = one
      kernel_pack(weight, bias, inputs, outputs, &one)
      kernel_pack_transposed(transposed, bias, inputs, outputs, &other)
      #expect(one == other, "\(inputs)×\(outputs)")
    }
  }

  @Test(arguments: 0..<sets)
  func `spectra have the magnitudes of the definition, each window its own`(set: Int) throws {
    let kernels = try kernels(set)
    let angles = (0..<256).map { 2 * Double.pi * Double($0) / 512 }
    for (hop, length) in [(160, 400), (512, 512), (1, 2)] {
      let samples = Noise.values(7 * hop + length, seed: 8)
      let window = Noise.values(length, seed: 9).map(Double.init)
      var result = [Float](repeating: .nan, count: 8 * 257)
      kernels.magnitudes(
        samples, hop, window, length, angles.map { cos($0) }, angles.map { -sin($0) }, &result)
      for k in stride(from: 0, through: 256, by: 16) {
        for place in 0..<8 {
          var (x, y) = (0.0, 0.0)
          for n in 0..<length {
            let angle = 2 * Double.pi * Double(k * n % 512) / 512
            let sample = Double(samples[place * hop + n]) * window[n]
            x += sample * cos(angle)
            y += sample * sin(angle)
          }
          let expected = (x * x + y * y).squareRoot()
          let found = Double(result[place * 257 + k])
          #expect(abs(found - expected) < 1e-5 * max(1, expected), "\(place), \(k)")
        }
      }
    }
  }

  @Test(arguments: 0..<sets)
  func `GELU is the exact one, also far from zero`(set: Int) throws {
    let kernels = try kernels(set)
    let x = (-4000...4000).map { Float($0) / 200 } + [-100, 100, -0.0, 1e-20]
    var result = x
    kernels.gelu(&result, result.count)
    for (value, found) in zip(x, result) {
      let expected = Double(value) * 0.5 * erfc(-Double(value) / 2.0.squareRoot())
      #expect(abs(Double(found) - expected) < 4e-7 * max(1, abs(Double(value))), "\(value)")
    }
  }

  @Test(arguments: 0..<sets)
  func `logarithms, unions and sums of squares are those of the definitions`(set: Int) throws {
    let kernels = try kernels(set)
    let x = (1...3000).map { Float($0) * 0.37 - 0.36 } + [1e-20, 3e30, 1, 2, 0.5]
    var result = x
    kernels.logarithm(&result, 0.001, 3, result.count)
    for (value, found) in zip(x, result) {
      let expected = 3 * log(Double(value + 0.001))
      #expect(abs(Double(found) - expected) < 4e-7 * max(1, abs(expected)), "\(value)")
    }
    let logits = Noise.values(4 * 133, seed: 30, scale: 40)
    var union = [Float](repeating: .nan, count: 133)
    kernels.soft_union(logits, 4, 133, &union)
    let expected = (0..<133).map { place in
      log((0..<4).reduce(0) { $0 + exp(2 * Double(logits[$1 * 133 + place])) }) / 2
    }
    #expect(Noise.distance(union, expected) < 1e-6)
    let squares = logits.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(kernels.square_sum(logits, logits.count) - squares) < 1e-9 * squares)
  }

  @Test(arguments: 0..<sets)
  func `a soft maximum sums to one and stands large values`(set: Int) throws {
    let kernels = try kernels(set)
    for count in [1, 3, 16, 71] {
      let x = Noise.values(4 * count, seed: 6, scale: 300)
      var result = x
      kernels.softmax(&result, 4, count)
      for row in 0..<4 {
        let values = x[row * count..<(row + 1) * count].map(Double.init)
        let top = values.max() ?? 0
        let exponentials = values.map { exp($0 - top) }
        let expected = exponentials.map { $0 / exponentials.reduce(0, +) }
        #expect(Noise.distance(Array(result[row * count..<(row + 1) * count]), expected) < 1e-6)
      }
    }
  }

  @Test(arguments: 0..<sets)
  func `layer norms have the mean and variance asked for`(set: Int) throws {
    let kernels = try kernels(set)
    for count in [2, 15, 160] {
      let x = Noise.values(3 * count, seed: 7, scale: 5).map { $0 + 3 }
      let (weight, bias) = (Noise.values(count, seed: 8), Noise.values(count, seed: 9))
      var result = [Float](repeating: .nan, count: x.count)
      kernels.layer_norm(x, weight, bias, 1e-5, 3, count, &result)
      #expect(Noise.distance(result, Naive.layerNorm(x, weight, bias, count)) < 1e-5)
    }
  }

  @Test(arguments: 0..<sets)
  func `doubling a map is bilinear with aligned pixel centres`(set: Int) throws {
    let kernels = try kernels(set)
    for (height, width, channels) in [(1, 1, 3), (2, 3, 16), (6, 10, 21)] {
      let map = Noise.values(height * width * channels, seed: 10)
      let before = Noise.values(4 * map.count, seed: 11)
      var result = before
      kernels.add_upsampled(map, height, width, channels, &result)
      let doubled = Naive.doubled(map, height, width, channels)
      let expected = zip(before, doubled).map { Double($0) + $1 }
      #expect(Noise.distance(result, expected) < 1e-6)
    }
  }

  @Test(arguments: 0..<sets)
  func `pooling gives the means of squares, and adding adds`(set: Int) throws {
    let kernels = try kernels(set)
    let map = Noise.values(8 * 12 * 19, seed: 12)
    var result = [Float](repeating: .nan, count: 2 * 3 * 19)
    kernels.mean_pool(map, 8, 12, 19, 4, &result)
    #expect(Noise.distance(result, Naive.means(map, 8, 12, 19, 4)) < 1e-6)
    let plain = Noise.values(8 * 3000, seed: 13)
    for factor in [1, 2, 4, 8] {
      var means = [Float](repeating: .nan, count: plain.count / factor / factor)
      kernels.mean_pool(plain, 8, 3000, 1, factor, &means)
      #expect(Noise.distance(means, Naive.means(plain, 8, 3000, 1, factor)) < 1e-6)
    }
    var sum = map
    kernels.add(&sum, map, map.count)
    #expect(sum == map.map { 2 * $0 })
  }

  @Test(arguments: 0..<sets)
  func `every half-precision number is widened exactly`(set: Int) throws {
    let kernels = try kernels(set)
    let patterns = (0...UInt16.max).map { $0 }
    // One byte before: the bytes may have any alignment.
    let bytes = [UInt8(0)] + patterns.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    var result = [Float](repeating: 0, count: patterns.count)
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      kernels.widen(start + 1, &result, patterns.count)
    }
    for (pattern, found) in zip(patterns, result) {
      let expected = Float(Float16(bitPattern: pattern))
      #expect(expected.isNaN ? found.isNaN : found.bitPattern == expected.bitPattern)
    }
  }
}
