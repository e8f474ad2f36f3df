import CKernels

/// A depthwise convolution between two 1×1 convolutions, the first of which may be left out.
///
/// All are computed strip by strip, so that what lies between them stays in the nearest caches:
/// a few rows of a large map, or a few small maps at a time.
public struct SeparableLayers: Sendable {
  /// A 1×1 convolution and what follows it; not GELU.
  public typealias Pointwise = (weights: LinearWeights, activation: Activation)

  private let expand: Pointwise?
  private let depthwise: DepthwiseWeights
  private let project: Pointwise

  /// Puts the layers together.
  ///
  /// - Parameters:
  ///   - expand: Comes before the depthwise convolution.
  ///   - depthwise: Takes what `expand` gives.
  ///   - project: Comes after it.
  public init(expand: Pointwise?, depthwise: DepthwiseWeights, project: Pointwise) {
    precondition(
      (expand?.weights.outputs ?? depthwise.channels) == depthwise.channels
        && depthwise.channels == project.weights.inputs,
      "\(expand?.weights.outputs ?? 0), \(depthwise.channels) and \(project.weights.inputs) channels"
    )
    precondition(
      depthwise.activation.isFused && project.activation.isFused
        && expand?.activation.isFused != false, "separable layers have no GELU")
    self.expand = expand
    self.depthwise = depthwise
    self.project = project
  }

  /// Applies the layers.
  ///
  /// - Parameters:
  ///   - x: [batch, height, width, inputs].
  ///   - isResidual: Whether `x`, which has the result's shape, is added to it.
  /// - Returns: [batch, ⌈height / stride⌉, ⌈width / stride⌉, outputs].
  public func callAsFunction(_ x: Tensor, isResidual: Bool = false) -> Tensor {
    let inputs = expand?.weights.inputs ?? depthwise.channels
    precondition(x.width == inputs, "\(inputs) channels for \(x.shape)")
    var window = x.window(size: depthwise.size, stride: depthwise.stride)
    window.channels = depthwise.channels
    let outputs = project.weights.outputs
    let shape = [x.shape[0], window.new_height, window.new_width, outputs]
    precondition(!isResidual || shape == x.shape, "\(x.shape) added to \(shape)")
    let strips = Strips(window: window, expands: expand != nil, maps: x.shape[0])
    return Tensor(shape: shape) { result in
      x.values.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress, let result = result.baseAddress else { return }
        Scratch.with(Float.self, strips.hiddenCount, strips.partCount) { hidden, part in
          let pass = SeparablePass(
            layers: self, x: x, hidden: hidden, part: part, result: result,
            isResidual: isResidual, kernels: kernel_table_best().pointee)
          pass.run(strips)
        }
      }
    }
  }

  /// The buffers of one pass.
  private struct SeparablePass {
    let layers: SeparableLayers
    let x: UnsafePointer<Float>
    let hidden: UnsafeMutablePointer<Float>
    let part: UnsafeMutablePointer<Float>
    let result: UnsafeMutablePointer<Float>
    let isResidual: Bool
    let kernels: kernel_table

    func run(_ strips: Strips) {
      for map in stride(from: 0, to: strips.allMaps, by: strips.maps) {
        let maps = map..<min(map + strips.maps, strips.allMaps)
        var known = 0
        for row in stride(from: 0, to: strips.window.new_height, by: strips.rows) {
          let rows = row..<min(row + strips.rows, strips.window.new_height)
          let needed = strips.rowsNeeded(for: rows)
          expand(maps, rows: known..<needed, strips)
          known = needed
          convolve(maps, rows: rows, strips)
          project(maps, rows: rows, strips)
        }
      }
    }

    /// New rows of the hidden maps; where the buffer ends it goes on at its beginning.
    private func expand(_ maps: Range<Int>, rows: Range<Int>, _ strips: Strips) {
      guard let (weights, activation) = layers.expand else { return }
      let (width, kept) = (strips.window.width, strips.window.kept)
      var row = rows.lowerBound
      while row < rows.upperBound {
        let place = row % kept
        let count = min(rows.upperBound - row, kept - place)
        weights.apply(
          x + (maps.lowerBound * strips.window.height + row) * width * weights.inputs,
          rows: maps.count * count * width, activation: activation,
          into: hidden + place * width * weights.outputs)
        row += count
      }
    }

    private func convolve(_ maps: Range<Int>, rows: Range<Int>, _ strips: Strips) {
      var window = strips.window
      let (layer, size) = (layers.depthwise, window.height * window.width * window.channels)
      OperationCounter.add(
        results: maps.count * rows.count * window.new_width * window.channels,
        inner: window.size * window.size)
      for (index, map) in maps.enumerated() {
        kernels.depthwise(
          layers.expand == nil ? x + map * size : UnsafePointer(hidden + index * size), &window,
          rows.lowerBound, rows.upperBound, layer.weight.values, layer.bias.values,
          layer.activation.fused, part + index * rows.count * window.new_width * window.channels)
      }
    }

    private func project(_ maps: Range<Int>, rows: Range<Int>, _ strips: Strips) {
      let (weights, activation) = layers.project
      let first = maps.lowerBound * strips.window.new_height + rows.lowerBound
      let count = maps.count * rows.count * strips.window.new_width
      let place = first * strips.window.new_width * weights.outputs
      weights.apply(part, rows: count, activation: activation, into: result + place)
      if isResidual { kernels.add(result + place, x + place, count * weights.outputs) }
    }
  }
}

/// How much of the maps is computed at a time.
private struct Strips {
  /// The depthwise convolution, over as many rows as are kept.
  private(set) var window: kernel_window

  /// All maps, and how many of them are computed at a time.
  let allMaps: Int
  private(set) var maps = 1

  /// Rows of the result at a time; all, when maps are small.
  private(set) var rows: Int

  private let expands: Bool

  /// Values that fit the second-level cache of most processors beside the weights.
  private static let most = 80_000

  init(window: kernel_window, expands: Bool, maps: Int) {
    self.window = window
    self.expands = expands
    allMaps = maps
    rows = window.new_height
    let whole = hiddenCount + partCount
    guard whole > Self.most else {
      self.maps = max(1, min(maps, Self.most / max(whole, 1)))
      return
    }
    let (line, newLine) = (window.width * window.channels, window.new_width * window.channels)
    let overlap = (window.size - min(window.stride, window.size)) * line
    let eachRow = (expands ? window.stride * line : 0) + newLine
    rows = min(rows, max(1, (Self.most - (expands ? overlap : 0)) / eachRow))
    if expands { self.window.kept = min(window.height, rowsUnder(rows)) }
  }

  /// Values of hidden maps that are kept.
  var hiddenCount: Int { expands ? maps * window.kept * window.width * window.channels : 0 }

  /// Values between the depthwise convolution and the last one.
  var partCount: Int { maps * rows * window.new_width * window.channels }

  /// How many rows of a map must be known for some of the result.
  func rowsNeeded(for rows: Range<Int>) -> Int {
    min(window.height, rowsUnder(rows.upperBound) - window.top)
  }

  private func rowsUnder(_ count: Int) -> Int { (count - 1) * window.stride + window.size }
}
