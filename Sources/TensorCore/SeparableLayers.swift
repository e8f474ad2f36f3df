import CKernels

/// A depthwise convolution between two convolutions: the last one is 1×1, the first one may be left out.
///
/// What lies between them stays in the nearest caches: they are computed strip by strip (a few rows of a large map,
/// or a few small maps at a time), and in a strip one group of channels after the other. The last convolution adds up what the groups give.
public struct SeparableLayers: Sendable {
  /// A 1×1 convolution and what follows it; not GELU.
  public typealias Pointwise = (weights: LinearWeights, activation: Activation)

  /// What comes before the depthwise convolution.
  public enum First: Sendable {
    /// A 1×1 convolution.
    case pointwise(Pointwise)

    /// A convolution whose windows see all channels, with SAME padding.
    case full(Pointwise, size: Int, stride: Int)

    /// Its weights, [size · size · channels, outputs], and what follows it.
    var layer: Pointwise {
      switch self {
      case .pointwise(let layer), .full(let layer, _, _): layer
      }
    }
  }

  /// Channels between the convolutions that are computed together.
  private struct Group: Sendable {
    let channels: Range<Int>
    let depthwise: DepthwiseWeights
  }

  private let expand: First?
  private let depthwise: DepthwiseWeights
  private let project: Pointwise
  private let groups: [Group]

  /// Puts the layers together.
  ///
  /// - Parameters:
  ///   - expand: Comes before the depthwise convolution.
  ///   - depthwise: Takes the channels that come out of it.
  ///   - project: Comes after it.
  public init(expand: First?, depthwise: DepthwiseWeights, project: Pointwise) {
    let (channels, expanded) = (depthwise.channels, expand?.layer.weights.outputs)
    precondition(
      (expanded ?? channels) == channels && channels == project.weights.inputs,
      "\(expanded ?? 0), \(channels) and \(project.weights.inputs) channels")
    precondition(
      depthwise.activation.isFused && project.activation.isFused
        && expand?.layer.activation.isFused != false, "separable layers have no GELU")
    self.expand = expand
    self.depthwise = depthwise
    self.project = project
    groups = Self.groups(expand, depthwise, project)
  }

  /// Without a first 1×1 convolution, with weights that are not there as a whole, or with channels that do not fill
  /// panels, all channels are one group.
  private static func groups(
    _ expand: First?, _ depthwise: DepthwiseWeights, _ project: Pointwise
  ) -> [Group] {
    let (channels, panel) = (depthwise.channels, Int(kernel_panel_columns()))
    guard case .pointwise(let first) = expand, first.weights.isPacked, project.weights.isPacked,
      channels % panel == 0
    else { return [Group(channels: 0..<channels, depthwise: depthwise)] }
    // Panels that are wide enough for the sums of the last convolution to stay in registers most of the time.
    let count = 3 * panel
    return stride(from: 0, to: channels, by: count).map { first in
      let range = first..<min(first + count, channels)
      return Group(channels: range, depthwise: depthwise.channels(range))
    }
  }

  /// Applies the layers.
  ///
  /// - Parameters:
  ///   - x: [batch, height, width, inputs].
  ///   - isResidual: Whether `x`, which has the result's shape, is added to it.
  /// - Returns: [batch, ⌈height / strides⌉, ⌈width / strides⌉, outputs].
  public func callAsFunction(_ x: Tensor, isResidual: Bool = false) -> Tensor {
    let (x, hidden) = prepared(x)
    let window = kernel_window(
      of: hidden, size: depthwise.size, stride: depthwise.stride, padding: .same)
    let outputs = project.weights.outputs
    let shape = [hidden[0], window.new_height, window.new_width, outputs]
    precondition(!isResidual || shape == x.shape, "\(x.shape) added to \(shape)")
    let strips = Strips(
      window: window, channels: depthwise.channels, group: groups[0].channels.count,
      inputs: x.width, outputs: outputs, expands: expand != nil, maps: hidden[0])
    return Tensor(shape: shape) { result in
      x.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress, let result = result.baseAddress else { return }
        Scratch.with(Float.self, strips.hiddenCount, strips.partCount) { hidden, part in
          let pass = SeparablePass(
            layers: self, x: values, shape: x.shape, hidden: hidden, part: part, result: result,
            isResidual: isResidual, kernels: kernel_table_best().pointee)
          pass.run(strips)
        }
      }
    }
  }

  /// The maps with the zeros around them that the first convolution needs, and the shape of what comes out of it.
  private func prepared(_ x: Tensor) -> (maps: Tensor, hidden: [Int]) {
    let channels = depthwise.channels
    guard case .full(let layer, let size, let stride) = expand else {
      let inputs = expand?.layer.weights.inputs ?? channels
      precondition(x.width == inputs, "\(inputs) channels for \(x.shape)")
      return (x, x.shape.dropLast() + [channels])
    }
    precondition(
      layer.weights.inputs == size * size * x.width,
      "a convolution of \(layer.weights.inputs) inputs for \(size)×\(size) pixels of \(x.shape)")
    let window = x.window(size: size, stride: stride)
    return (x.padded(window), [x.shape[0], window.new_height, window.new_width, channels])
  }

  /// The buffers of one pass.
  private struct SeparablePass {
    let layers: SeparableLayers

    /// What comes in, [batch, height, width, channels].
    let x: UnsafePointer<Float>
    let shape: [Int]

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
          for group in layers.groups {
            let hidden = hidden + strips.place(of: group.channels)
            expand(group, maps, rows: known..<needed, into: hidden, strips)
            convolve(group, maps, rows: rows, hidden, strips)
            project(group, maps, rows: rows, strips)
          }
          known = needed
        }
      }
    }

    /// New rows of the hidden maps; where the buffer ends it goes on at its beginning.
    private func expand(
      _ group: Group, _ maps: Range<Int>, rows: Range<Int>,
      into hidden: UnsafeMutablePointer<Float>, _ strips: Strips
    ) {
      guard let first = layers.expand else { return }
      let (width, kept) = (strips.window.width, strips.window.kept)
      var row = rows.lowerBound
      while row < rows.upperBound {
        let place = row % kept
        let some = row..<row + min(rows.upperBound - row, kept - place)
        let to = hidden + place * width * group.channels.count
        switch first {
        case .pointwise(let layer): expand(layer, group, maps, rows: some, into: to)
        case .full(let layer, let size, let stride):
          expand(layer, size: size, stride: stride, maps, rows: some, width: width, into: to)
        }
        row = some.upperBound
      }
    }

    private func expand(
      _ layer: Pointwise, _ group: Group, _ maps: Range<Int>, rows: Range<Int>,
      into hidden: UnsafeMutablePointer<Float>
    ) {
      let (height, width, inputs) = (shape[1], shape[2], shape[3])
      let from = x + (maps.lowerBound * height + rows.lowerBound) * width * inputs
      let count = maps.count * rows.count * width
      if layers.groups.count == 1 {
        layer.weights.apply(from, rows: count, activation: layer.activation, into: hidden)
      } else {
        layer.weights.apply(
          from, rows: count, columns: group.channels, activation: layer.activation, into: hidden)
      }
    }

    /// Rows of one map, or all rows of some.
    private func expand(
      _ layer: Pointwise, size: Int, stride: Int, _ maps: Range<Int>, rows: Range<Int>, width: Int,
      into hidden: UnsafeMutablePointer<Float>
    ) {
      let line = shape[2] * shape[3]
      let needed = maps.count == 1 ? (rows.count - 1) * stride + size : shape[1]
      let window = kernel_window(
        of: [maps.count, needed, shape[2], shape[3]], size: size, stride: stride,
        padding: .symmetric(0))
      layer.weights.convolve(
        x + (maps.lowerBound * shape[1] + rows.lowerBound * stride) * line, count: maps.count,
        window, activation: layer.activation, into: hidden)
    }

    private func convolve(
      _ group: Group, _ maps: Range<Int>, rows: Range<Int>, _ hidden: UnsafePointer<Float>,
      _ strips: Strips
    ) {
      var window = strips.window
      window.channels = group.channels.count
      let (layer, size) = (group.depthwise, window.height * window.width * window.channels)
      let newSize = rows.count * window.new_width * window.channels
      OperationCounter.add(results: maps.count * newSize, inner: window.size * window.size)
      for (index, map) in maps.enumerated() {
        kernels.depthwise(
          layers.expand == nil ? x + map * size : hidden + index * size, &window,
          rows.lowerBound, rows.upperBound, layer.weight.values, layer.bias.values,
          layer.activation.fused, part + index * newSize)
      }
    }

    private func project(
      _ group: Group, _ maps: Range<Int>, rows: Range<Int>, _ strips: Strips
    ) {
      let (weights, activation) = layers.project
      let first = maps.lowerBound * strips.window.new_height + rows.lowerBound
      let count = maps.count * rows.count * strips.window.new_width
      let place = first * strips.window.new_width * weights.outputs
      if layers.groups.count == 1 {
        weights.apply(part, rows: count, activation: activation, into: result + place)
      } else {
        weights.add(
          part, rows: count, inner: group.channels, activation: activation, into: result + place)
      }
      if isResidual && group.channels.upperBound == weights.inputs {
        kernels.add(result + place, x + place, count * weights.outputs)
      }
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

  /// Channels between the convolutions, and those of a group.
  private let channels: Int
  private let group: Int

  private let expands: Bool

  /// Values that fit the second-level cache of most processors beside some of the weights.
  private static let most = 160_000

  init(
    window: kernel_window, channels: Int, group: Int, inputs: Int, outputs: Int, expands: Bool,
    maps: Int
  ) {
    self.window = window
    (self.channels, self.group, self.expands) = (channels, group, expands)
    allMaps = maps
    rows = window.new_height
    let whole = hiddenCount + partCount + (group == channels ? 0 : outerCount(inputs, outputs))
    guard whole > Self.most else {
      self.maps = max(1, min(maps, Self.most / max(whole, 1)))
      return
    }
    let line = expands ? window.width * channels : 0
    let overlap = (window.size - min(window.stride, window.size)) * line
    let eachRow = window.stride * line + window.new_width * group
    rows = min(rows, max(1, (Self.most - overlap) / eachRow))
    if expands { self.window.kept = min(window.height, rowsUnder(rows)) }
  }

  /// Values of a map before the first convolution and after the last, which every group goes over.
  private func outerCount(_ inputs: Int, _ outputs: Int) -> Int {
    window.height * window.width * inputs + window.new_height * window.new_width * outputs
  }

  /// Whether whole maps are computed, so that nothing of a group is needed after it.
  private var isWhole: Bool { rows == window.new_height }

  /// Values of hidden maps that are kept.
  var hiddenCount: Int {
    expands ? maps * window.kept * window.width * (isWhole ? group : channels) : 0
  }

  /// Where those of a group are.
  func place(of channels: Range<Int>) -> Int {
    isWhole ? 0 : window.kept * window.width * channels.lowerBound
  }

  /// Values between the depthwise convolution and the last one.
  var partCount: Int { maps * rows * window.new_width * group }

  /// How many rows of a map must be known for some of the result.
  func rowsNeeded(for rows: Range<Int>) -> Int {
    min(window.height, rowsUnder(rows.upperBound) - window.top)
  }

  private func rowsUnder(_ count: Int) -> Int { (count - 1) * window.stride + window.size }
}
