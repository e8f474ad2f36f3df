import CKernels
import Testing

@testable import TensorCore

/// Products of factors that are rounded to bfloat16, on processors that have the instructions.
@Suite(.enabled(if: ProductPrecision.bfloat16.isSupported))
struct ReducedPrecisionTests {
  /// Reproducible values from -1 to 1.
  private func noise(_ shape: [Int], seed: UInt32) -> Tensor {
    var state = seed
    let values = (0..<shape.reduce(1, *)).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) - 1
    }
    return Tensor(shape: shape, values: values)
  }

  /// To the nearest value with eight bits, and of two the even one.
  private func rounded(_ x: Tensor) -> Tensor {
    x.map { value in
      let bits = value.bitPattern
      return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
    }
  }

  private func isNear(_ found: Tensor, _ expected: Tensor) -> Bool {
    let top = expected.values.reduce(0) { max($0, abs($1)) }
    return found.shape == expected.shape
      && zip(found.values, expected.values).allSatisfy { abs($0 - $1) <= 1e-6 * top }
  }

  @Test(arguments: [
    (1, 1, 1), (3, 2, 16), (7, 33, 17), (9, 31, 48), (64, 160, 49), (65, 27, 100), (130, 96, 24),
  ])
  func `a product is that of rounded factors`(rows: Int, inputs: Int, outputs: Int) {
    let x = noise([rows, inputs], seed: 1)
    let weight = noise([inputs, outputs], seed: 2)
    let bias = noise([outputs], seed: 3)
    for activation in [Activation.none, .relu, .relu6, .gelu] {
      let found = x.linear(
        LinearWeights(weight: weight, bias: bias, precision: .bfloat16), activation: activation)
      let expected = rounded(x).linear(
        LinearWeights(weight: rounded(weight), bias: bias), activation: activation)
      #expect(isNear(found, expected), "\(activation)")
      // Rounding makes a difference.
      let exact = x.linear(LinearWeights(weight: weight, bias: bias), activation: activation)
      if inputs > 1 && activation.isFused { #expect(found != exact) }
    }
  }

  @Test func `a row's result does not depend on the rows around it`() {
    let x = noise([77, 45], seed: 4)
    let layer = LinearWeights(
      weight: noise([45, 50], seed: 5), bias: noise([50], seed: 6), precision: .bfloat16)
    let all = x.linear(layer)
    for row in 0..<x.rows {
      #expect(x.rows(row..<row + 1).linear(layer).values == Array(all.row(row)))
    }
  }

  @Test(arguments: [(3, 1, 3), (3, 2, 5), (7, 4, 2)])
  func `a convolution is that of rounded factors`(size: Int, stride: Int, channels: Int) {
    let maps = noise([3, 11, 14, channels], seed: 7)
    let weight = noise([size * size * channels, 21], seed: 8)
    let bias = noise([21], seed: 9)
    let found = maps.convolved(
      LinearWeights(weight: weight, bias: bias, precision: .bfloat16), size: size, stride: stride)
    let expected = rounded(maps).convolved(
      LinearWeights(weight: rounded(weight), bias: bias), size: size, stride: stride)
    #expect(isNear(found, expected))
  }

  @Test func `weights that stay where they are give the same bits`() {
    let weight = noise([100, 70], seed: 10)
    let bias = noise([100], seed: 11)
    let x = noise([9, 70], seed: 12)
    let owner = Owner(weight)
    let stored = StoredMatrix(
      start: owner.start, precision: .single, inputs: 70, outputs: 100, owner: owner)
    let mapped = LinearWeights(stored: stored, bias: bias, precision: .bfloat16)
    let copied = LinearWeights(transposed: weight, bias: bias, precision: .bfloat16)
    #expect(x.linear(mapped) == x.linear(copied))
  }
}

/// Keeps values at one address.
private final class Owner: @unchecked Sendable {
  let start: UnsafeRawPointer
  private let memory: UnsafeMutablePointer<Float>

  init(_ tensor: Tensor) {
    memory = .allocate(capacity: tensor.values.count)
    memory.initialize(from: tensor.values, count: tensor.values.count)
    start = UnsafeRawPointer(memory)
  }

  deinit { memory.deallocate() }
}
