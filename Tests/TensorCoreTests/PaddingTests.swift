import CKernels
import Foundation
import TensorCore
import Testing

/// What only the encoders of avuformer-base need.
struct PaddingTests {
  @Test(arguments: [(7, 4, 3, 32, 64), (3, 2, 1, 8, 6), (3, 2, 1, 7, 5), (4, 4, 0, 12, 8)])
  func `a convolution sees zeros on all sides`(
    size: Int, stride: Int, zeros: Int, height: Int, width: Int
  ) {
    let map = Noise.values(2 * height * width * 3, seed: 1)
    // Each output is one of the pixels under the window.
    let count = size * size * 3
    let pick = LinearWeights(
      weight: Tensor(
        shape: [count, count], values: (0..<count * count).map { $0 % (count + 1) == 0 ? 1 : 0 }),
      bias: Tensor(zeros: [count]))
    let patches = Tensor(shape: [2, height, width, 3], values: map)
      .convolved(pick, size: size, stride: stride, padding: .symmetric(zeros))
    let rows = (height + 2 * zeros - size) / stride + 1
    let columns = (width + 2 * zeros - size) / stride + 1
    #expect(patches.shape == [2, rows, columns, count])
    var expected: [Float] = []
    for batch in 0..<2 {
      for place in 0..<rows * columns {
        for pixel in 0..<count {
          let y = place / columns * stride + pixel / 3 / size - zeros
          let x = place % columns * stride + pixel / 3 % size - zeros
          let inside = (0..<height).contains(y) && (0..<width).contains(x)
          expected.append(inside ? map[((batch * height + y) * width + x) * 3 + pixel % 3] : 0)
        }
      }
    }
    #expect(patches.values == expected)
  }

  @Test func `the largest of four pixels is kept, and an odd row is left out`() {
    let values: [Float] = [1, -1, 2, -5, 0, 9, 4, -3, 3, -2, 7, 7, 8, 8, 8, 8, 8, 8]
    let pooled = Tensor(shape: [1, 3, 3, 2], values: values).maxPooled()
    #expect(pooled.shape == [1, 1, 1, 2] && pooled.values == [4, -1])
  }

  @Test(arguments: 0..<KernelTests.sets)
  func `the quick GELU is right from end to end`(set: Int) throws {
    let kernels = try #require(kernel_table_at(set)).pointee
    for count in [1, 7, 16, 131] {
      var x = Noise.values(count, seed: 3, scale: 12) + [-200, 200, 0]
      let expected = x.map { Double($0) / (1 + exp(-1.702 * Double($0))) }
      kernels.quick_gelu(&x, x.count)
      for (found, expected) in zip(x, expected) {
        #expect(abs(Double(found) - expected) < 1e-6 * max(1, abs(expected)))
      }
    }
  }

  @Test func `what follows a depthwise convolution may be GELU`() throws {
    func layer(_ activation: Activation) -> DepthwiseWeights {
      DepthwiseWeights(
        weight: Tensor(shape: [3, 3, 5], values: Noise.values(45, seed: 4)),
        bias: Tensor(shape: [5], values: Noise.values(5, seed: 5)), stride: 1,
        activation: activation)
    }
    let map = Tensor(shape: [2, 4, 6, 5], values: Noise.values(240, seed: 6))
    let expected = map.depthwise(layer(.none)).values.map {
      Double($0) * (1 + erf(Double($0) / 2.0.squareRoot())) / 2
    }
    #expect(Noise.distance(map.depthwise(layer(.gelu)).values, expected) < 1e-6)
  }
}
