import TensorCore

/// Large products of the model beside OpenBLAS's, in billions of operations a second, on one thread.
struct ProductBenchmark {
  /// Rows, inputs and outputs: late layers of the picture's and the sound's encoder, ten frames together.
  private static let sizes = [(2400, 112, 672), (600, 1152, 192), (720, 512, 512)]

  let runs: Int

  /// A row for each size.
  func rows() throws -> [BenchReport.Row] {
    try BLAS.prepare()
    return Self.sizes.map { rows, inputs, outputs in
      let x = Tensor(shape: [rows, inputs], values: values(rows * inputs))
      let weight = Tensor(shape: [inputs, outputs], values: values(inputs * outputs))
      let layer = LinearWeights(weight: weight, bias: Tensor(zeros: [outputs]))
      let operations = Double(2 * rows * inputs * outputs)
      var (ours, theirs): ([Double], [Double]) = ([], [])
      for run in 0...runs {
        let (first, second) = (
          rate(operations) { _ = x.linear(layer) }, rate(operations) { _ = x.product(weight) }
        )
        guard run > 0 else { continue }
        ours.append(first)
        theirs.append(second)
      }
      return BenchReport.Row(
        name: "products \(rows)×\(inputs)×\(outputs)", unit: "GFLOP/s", better: "higher",
        threads: 1, ours: Statistic(ours), peers: ["OpenBLAS": Statistic(theirs)])
    }
  }

  private func values(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 7) / 7 } }

  /// Operations in a billionth of a second, over a tenth of a second or so.
  private func rate(_ operations: Double, _ body: () -> Void) -> Double {
    let repetitions = max(1, Int(2e10 / operations))
    let time = ContinuousClock().measure { for _ in 0..<repetitions { body() } }
    return operations * Double(repetitions) / (time / .nanoseconds(1))
  }
}
