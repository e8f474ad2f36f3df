import CKernels
import Foundation
import TensorCore
import Testing

struct TensorTests {
  init() throws { try BLAS.prepare() }

  private func noise(_ shape: [Int], seed: UInt64) -> Tensor {
    Tensor(shape: shape, values: Noise.values(shape.reduce(1, *), seed: seed))
  }

  @Test(arguments: [(1, 1, 1), (5, 7, 3), (60, 160, 320), (2000, 33, 96)])
  func `a linear layer is a product, a bias and an activation`(
    rows: Int, inputs: Int, outputs: Int
  ) {
    let x = noise([rows, inputs], seed: 1)
    let weight = noise([inputs, outputs], seed: 2)
    let bias = noise([outputs], seed: 3)
    let sums = Naive.product(x.values, weight.values, rows: rows, inner: inputs)
    let expected = sums.indices.map { max(0, sums[$0] + Double(bias.values[$0 % outputs])) }
    let found = x.linear(LinearWeights(weight: weight, bias: bias), activation: .relu)
    #expect(found.shape == [rows, outputs])
    #expect(Noise.distance(found.values, expected) < 1e-5)
  }

  @Test func `a product takes the other matrix as it is or exchanged`() {
    let (x, y) = (noise([4, 9], seed: 4), noise([9, 5], seed: 5))
    let expected = Naive.product(x.values, y.values, rows: 4, inner: 9).map { $0 / 2 }
    #expect(Noise.distance(x.product(y, scale: 0.5).values, expected) < 1e-6)
    let exchanged = x.product(y.transposed(), transposed: true, scale: 0.5)
    #expect(exchanged.shape == [4, 5])
    #expect(Noise.distance(exchanged.values, expected) < 1e-6)
  }

  @Test(arguments: [1, 5], [nil, 3])
  func `attention mixes the values that each head asks for`(heads: Int, count: Int?) {
    let (query, memory) = (noise([4, 10], seed: 6), noise([6, 20], seed: 7))
    let head = 10 / heads
    var expected: [Double] = []
    for place in 0..<4 * 10 {
      let (row, column) = (place / 10, place % 10)
      let first = column / head * head
      let scores = (0..<(count ?? 6)).map { other -> Double in
        let product = (first..<first + head).reduce(0.0) {
          $0 + Double(query.values[row * 10 + $1]) * Double(memory.values[other * 20 + $1])
        }
        return exp(product / Double(head).squareRoot())
      }
      let mixed = scores.indices.reduce(0.0) {
        $0 + scores[$1] * Double(memory.values[$1 * 20 + 10 + column])
      }
      expected.append(mixed / scores.reduce(0, +))
    }
    let found = query.attention(keyValue: memory, heads: heads, count: count)
    #expect(Noise.distance(found.values, expected) < 1e-6)
  }

  @Test func `each part of a batch asks its own rows`() {
    for rows in [1, 3, 4, 70] {
      let queries = (0..<2).map { noise([rows, 10], seed: 20 + $0) }
      let memories = (0..<2).map { noise([6, 20], seed: 30 + $0) }
      let found = Tensor.batch(queries).attention(keyValue: .batch(memories), heads: 5)
      for part in 0..<2 {
        #expect(
          found.part(part).values
            == queries[part].attention(keyValue: memories[part], heads: 5).values)
      }
    }
  }

  @Test(arguments: [1, 5])
  func `shares say from which row attention takes how much`(heads: Int) {
    let queries = noise([2, 4, 10], seed: 8)
    var memory = noise([2, 6, 20], seed: 9)
    let shares = queries.attentionShares(keyValue: memory, heads: heads)
    #expect(shares.shape == [2, 6])
    for asked in 0..<6 {
      // Only one row has something to give, so all there is comes from it.
      var values = memory.values
      for row in 0..<12 {
        for column in 10..<20 { values[row * 20 + column] = row % 6 == asked ? 1 : 0 }
      }
      memory = Tensor(shape: [2, 6, 20], values: values)
      let found = queries.attention(keyValue: memory, heads: heads)
      for part in 0..<2 {
        let mean = found.part(part).values.reduce(0, +) / 40
        #expect(abs(mean - shares.values[part * 6 + asked]) < 1e-6)
      }
    }
  }

  // Maps of a few strips with a rest, maps together with a rest, and a map of one strip; with one group of channels
  // and with several.
  @Test(
    arguments: [
      (1, 50, 40, 48), (1, 50, 30, 200), (30, 6, 5, 112), (30, 6, 5, 300), (2, 9, 7, 33),
      (1, 3, 400, 96), (1, 3, 400, 289),
    ],
    [(3, 1), (3, 2), (5, 1), (5, 2)])
  func `separable layers strip by strip are the layers one after the other`(
    map: (batch: Int, height: Int, width: Int, hidden: Int), window: (size: Int, stride: Int)
  ) {
    let (size, hidden, inputs) = (window.size, map.hidden, 9)
    let expand = LinearWeights(
      weight: noise([inputs, hidden], seed: 1), bias: noise([hidden], seed: 2))
    let depthwise = DepthwiseWeights(
      weight: noise([size, size, hidden], seed: 3), bias: noise([hidden], seed: 4),
      stride: window.stride, activation: .relu6)
    let project = LinearWeights(
      weight: noise([hidden, inputs], seed: 5), bias: noise([inputs], seed: 6))
    let x = noise([map.batch, map.height, map.width, inputs], seed: 7)
    let wide = x.linear(expand, activation: .relu6)
    var expected = wide.depthwise(depthwise).linear(project)
    let whole = SeparableLayers(
      expand: .pointwise((expand, .relu6)), depthwise: depthwise, project: (project, .none))
    #expect(whole(x) == expected)
    let last = SeparableLayers(expand: nil, depthwise: depthwise, project: (project, .none))
    #expect(last(wide) == expected)
    guard window.stride == 1 else { return }
    expected.add(x)
    #expect(whole(x, isResidual: true) == expected)
  }

  @Test(
    arguments: [(1, 90, 70, 48), (5, 12, 9, 33), (1, 3, 300, 289), (1, 1, 1, 1)],
    [(3, 2), (5, 1), (2, 2)])
  func `a full convolution may come first`(
    map: (batch: Int, height: Int, width: Int, hidden: Int), window: (size: Int, stride: Int)
  ) {
    let (size, hidden) = (window.size, map.hidden)
    let first = LinearWeights(
      weight: noise([size * size * 3, hidden], seed: 1), bias: noise([hidden], seed: 2))
    let depthwise = DepthwiseWeights(
      weight: noise([3, 3, hidden], seed: 3), bias: noise([hidden], seed: 4), stride: 1,
      activation: .relu6)
    let project = LinearWeights(
      weight: noise([hidden, 7], seed: 5), bias: noise([7], seed: 6))
    let x = noise([map.batch, map.height, map.width, 3], seed: 7)
    let layers = SeparableLayers(
      expand: .full((first, .relu), size: size, stride: window.stride), depthwise: depthwise,
      project: (project, .none))
    let expected = x.convolved(first, size: size, stride: window.stride, activation: .relu)
      .depthwise(depthwise).linear(project)
    #expect(layers(x) == expected)
  }

  @Test(
    arguments: [(3, 2, 1), (3, 2, 3), (5, 1, 2), (2, 2, 4), (3, 1, 70)],
    [(6, 9), (3, 25), (1, 1)])
  func `a convolution is a product with the pixels under a window`(
    window: (size: Int, stride: Int, channels: Int), map: (height: Int, width: Int)
  ) {
    let (size, stride, channels) = window
    let maps = noise([2, map.height, map.width, channels], seed: 8)
    let sizes = Window(map.height, map.width, channels, size, stride).imported
    let half = maps.values.count / 2
    let patches = Tensor(
      shape: [2, sizes.new_height, sizes.new_width, size * size * channels],
      values: Naive.patches(Array(maps.values[..<half]), sizes)
        + Naive.patches(Array(maps.values[half...]), sizes))
    let layer = LinearWeights(
      weight: noise([patches.width, 57], seed: 9), bias: noise([57], seed: 10))
    for activation in [Activation.none, .relu, .relu6, .gelu] {
      let found = maps.convolved(layer, size: size, stride: stride, activation: activation)
      #expect(found == patches.linear(layer, activation: activation))
    }
  }

  @Test func `windows side by side leave out what is too little for one more`() {
    let map = noise([1, 5, 7, 2], seed: 11)
    let layer = LinearWeights(weight: noise([8, 3], seed: 12), bias: noise([3], seed: 13))
    let found = map.convolved(layer, size: 2, stride: 2, padding: .symmetric(0))
    #expect(found.shape == [1, 2, 3, 3])
    let last = [(2, 4), (2, 5), (3, 4), (3, 5)].flatMap { y, x in map.row(y * 7 + x) }
    #expect(Array(found.row(5)) == Tensor(shape: [1, 8], values: last).linear(layer).values)
    let around = map.convolved(layer, size: 2, stride: 3, padding: .symmetric(1))
    #expect(around.shape == [1, 2, 3, 3])
    let corner = [0, 0, 0, 0, 0, 0] + map.row(0)
    #expect(Array(around.row(0)) == Tensor(shape: [1, 8], values: corner).linear(layer).values)
  }

  @Test func `maps of a batch do not touch each other`() {
    let (one, two) = (noise([1, 5, 4, 3], seed: 9), noise([1, 5, 4, 3], seed: 10))
    let (weight, bias) = (noise([3, 3, 3], seed: 11), noise([3], seed: 12))
    func convolved(_ map: Tensor) -> Tensor {
      map.depthwise(
        DepthwiseWeights(weight: weight, bias: bias, stride: 2, activation: .relu6))
    }
    let both = Tensor(shape: [2, 5, 4, 3], values: one.values + two.values)
    #expect(convolved(both).values == convolved(one).values + convolved(two).values)
    let means = both.meanOverPixels()
    #expect(means.shape == [2, 3])
    #expect(means.rows(1..<2).values == two.meanOverPixels().values)
  }

  @Test func `rows and columns are joined in order`() {
    let (a, b) = (
      Tensor(shape: [2, 2], values: [1, 2, 3, 4]), Tensor(shape: [2, 1], values: [5, 6])
    )
    #expect(Tensor.joinedColumns([a, b]) == Tensor(shape: [2, 3], values: [1, 2, 5, 3, 4, 6]))
    #expect(Tensor.joinedRows([a, a.rows(1..<2)]).values == [1, 2, 3, 4, 3, 4])
    #expect(a.transposed().values == [1, 3, 2, 4])
    #expect((a + Tensor(shape: [2], values: [10, 20])).values == [11, 22, 13, 24])
    #expect(a.maximumOfRows().values == [3, 4])
    #expect(a.meanOfRows().values == [2, 3])
    #expect(
      a.reshaped([1, 1, 2, 2]).repeated(2).values == [
        1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4,
      ])
    var c = a
    c.replaceRows(from: 1, with: Tensor(shape: [1, 2], values: [7, 8]))
    #expect(c.values == [1, 2, 7, 8])
  }

  @Test func `the message about an unsuitable BLAS says which one to install`() {
    let text = ComputeError.unsuitableBLAS(flavour: 0).description
    #expect(text.contains("serial") && text.contains("libopenblas0-pthread"))
  }
}
