import Foundation
import TensorCore
import TensorNN
import Testing

struct LayerTests {
  init() throws { try BLAS.prepare() }

  /// The values 0.1, -0.2, 0.3, -0.4, … and so on.
  private func ramp(_ count: Int) -> [Float] {
    (0..<count).map { Float($0 + 1) / 10 * ($0 % 2 == 0 ? 1 : -1) }
  }

  private func weights(_ file: TensorFile) throws -> Weights {
    Weights(try SafetensorsFile(path: file.path))
  }

  private func close(_ found: [Float], _ expected: [Float]) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 * max(1, abs($1)) }
  }

  @Test func `weights are found by the path of the layer that owns them`() throws {
    let file = try TensorFile([
      TensorFile.part("head.1.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
      TensorFile.part("head.1.bias", [2], [10, 20]),
    ])
    let weights = try weights(file)
    let linear = try Linear(weights["head"][1], 3, 2)
    #expect(linear(Tensor(shape: [1, 3], values: [1, 0, -1])).values == [8, 18])
    try weights.checkAllUsed()
  }

  @Test func `missing, different and unknown tensors are named`() throws {
    let file = try TensorFile([
      TensorFile.part("a.weight", [3, 2], ramp(6)), TensorFile.part("a.bias", [3], ramp(3)),
      TensorFile.part("z", [1], [0]),
    ])
    let weights = try weights(file)
    #expect(
      throws: WeightsError.wrongShape(
        file: file.path, tensor: "a.weight", expected: [2, 3], found: [3, 2])
    ) { try Linear(weights["a"], 3, 2) }
    #expect(throws: WeightsError.missing(file: file.path, tensor: "b.weight")) {
      try Linear(weights["b"], 3, 2)
    }
    _ = try Linear(weights["a"], 2, 3)
    #expect(throws: WeightsError.unexpected(file: file.path, tensor: "z")) {
      try weights.checkAllUsed()
    }
  }

  /// Large enough to be used where it lies.
  @Test(arguments: ["F16", "F32"], 0..<4)
  func `a large matrix is used from the file, wherever it lies in it`(
    type: String, padding: Int
  ) throws {
    let (inputs, outputs) = (600, 500)
    let weight = (0..<inputs * outputs).map { Float($0 % 251 - 125) / 64 }
    let bias = ramp(outputs)
    let name = String(repeating: "x", count: padding)
    let file = try TensorFile([
      TensorFile.part("weight", [outputs, inputs], weight, type: type),
      TensorFile.part("bias", [outputs], bias), TensorFile.part("pad" + name, [1], [0]),
    ])
    let layer = try Linear(weights(file), inputs, outputs)
    let copied = LinearWeights(
      transposed: Tensor(shape: [outputs, inputs], values: weight),
      bias: Tensor(shape: [outputs], values: bias))
    for rows in [1, 5, 64] {
      let x = Tensor(shape: [rows, inputs], values: Array(weight[rows..<rows + rows * inputs]))
      #expect(layer(x) == x.linear(copied))
    }
    #expect(layer(Tensor(zeros: [1, inputs])).values == bias)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], [("F32", 10), ("F32", 600), ("F16", 600)])
  func `a value that is no number is refused by name`(
    value: Float, file: (type: String, inputs: Int)
  ) throws {
    var values = [Float](repeating: 1, count: 500 * file.inputs)
    values[values.count - 7] = value
    let inputs = file.inputs
    let file = try TensorFile([
      TensorFile.part("a.weight", [500, inputs], values, type: file.type),
      TensorFile.part("a.bias", [500], ramp(500)),
    ])
    #expect(throws: WeightsError.notFinite(file: file.path, tensor: "a.weight")) {
      try Linear(weights(file)["a"], inputs, 500)
    }
  }

  @Test func `a batch norm is folded into its convolution`() throws {
    let kernel = ramp(2 * 3 * 9)
    let (mean, variance): ([Float], [Float]) = ([0.5, -1], [2, 0.25])
    let (gamma, beta): ([Float], [Float]) = ([1.5, -2], [0.1, 0.7])
    let file = try TensorFile([
      TensorFile.part("conv.weight", [2, 3, 3, 3], kernel),
      TensorFile.part("norm.running_mean", [2], mean),
      TensorFile.part("norm.running_var", [2], variance),
      TensorFile.part("norm.weight", [2], gamma), TensorFile.part("norm.bias", [2], beta),
    ])
    let weights = try weights(file)
    let layer = try Convolution(
      weights, .full(inputs: 3), 2, size: 3, stride: 2, storage: .batchNorm(epsilon: 1e-3),
      activation: .none)
    try weights.checkAllUsed()
    // A map of 3×3 at stride 2: one pixel of padding all round, two places each way.
    let map = ramp(27)
    var expected: [Float] = []
    for (y, x) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      for output in 0..<2 {
        var sum: Float = 0
        for place in 0..<27 {
          let (channel, ky, kx) = (place / 9, place / 3 % 3, place % 3)
          let (row, column) = (2 * y + ky - 1, 2 * x + kx - 1)
          guard (0..<3).contains(row), (0..<3).contains(column) else { continue }
          sum += kernel[output * 27 + place] * map[(row * 3 + column) * 3 + channel]
        }
        let scale = gamma[output] / (variance[output] + 1e-3).squareRoot()
        expected.append((sum - mean[output]) * scale + beta[output])
      }
    }
    let found = layer(Tensor(shape: [1, 3, 3, 3], values: map))
    #expect(found.shape == [1, 2, 2, 2])
    #expect(close(found.values, expected), "\(found.values) \(expected)")
  }

  @Test func `a depthwise convolution pads at the bottom and right when one pixel is odd`() throws {
    let file = try TensorFile([
      TensorFile.part("weight", [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
      TensorFile.part("bias", [1], [0.5]),
    ])
    let layer = try Convolution(
      try weights(file), .depthwise, 1, size: 3, stride: 2, storage: .bias, activation: .none)
    // TensorFlow's SAME on 2×2: the window covers the map with its top left.
    let found = layer(Tensor(shape: [1, 2, 2, 1], values: [1, 10, 100, 1000]))
    #expect(found.values == [1 + 20 + 400 + 5000 + 0.5])
  }

  @Test func `an attention whose values are all the same gives them back`() throws {
    let identity: [Float] = [1, 0, 0, 1]
    let file = try TensorFile([
      TensorFile.part("query.weight", [2, 2], ramp(4)), TensorFile.part("query.bias", [2], [0, 0]),
      TensorFile.part("key_value.weight", [4, 2], ramp(4) + [0, 0, 0, 0]),
      TensorFile.part("key_value.bias", [4], [0, 0, 3, -4]),
      TensorFile.part("output.weight", [2, 2], identity),
      TensorFile.part("output.bias", [2], [1, 1]),
    ])
    let attention = try Attention(try weights(file), 2, heads: 1)
    let x = Tensor(shape: [2, 2], values: [1, 2, 3, 4])
    #expect(close(attention(x, x).values, [4, -3, 4, -3]))
  }
}
