import TensorCore
import TensorNN

/// VGGish over log-mel patches: six convolutions, three linear layers, and no classes of its own
/// (S. Hershey and others, “CNN architectures for large-scale audio classification”, 2017).
///
/// `convolutions.<index>` (3×3) and `linears.<index>`, each with ReLU.
struct VGGish: SoundEncoder {
  /// Convolutions that 2×2 maxima follow.
  private static let pooledAfter = [0, 1, 3, 5]

  /// Places of a patch [96, 64] after four halvings.
  private static let lastMap = 6 * 4

  private let convolutions: [Convolution]
  private let linears: [Linear]

  init(_ weights: Weights, _ sizes: EncoderSizes.VGGish) throws(WeightsError) {
    var convolutions: [Convolution] = []
    for (index, outputs) in sizes.channels.enumerated() {
      convolutions.append(
        try Convolution(
          weights["convolutions"][index], .full(inputs: index == 0 ? 1 : sizes.channels[index - 1]),
          outputs, size: 3, storage: .bias, activation: .relu))
    }
    self.convolutions = convolutions
    let last = sizes.channels[sizes.channels.count - 1]
    let widths = [Self.lastMap * last, sizes.hidden, sizes.hidden, sizes.embedding]
    var linears: [Linear] = []
    for index in 0..<widths.count - 1 {
      linears.append(
        try Linear(weights["linears"][index], widths[index], widths[index + 1], activation: .relu))
    }
    self.linears = linears
  }

  func embedding(_ patches: [Tensor]) -> Tensor {
    let maps = patches.map { patch in
      convolutions.indices.reduce(patch) { x, index in
        let y = convolutions[index](x)
        return Self.pooledAfter.contains(index) ? y.maxPooled() : y
      }
    }
    // The last map is taken place by place, all channels of a place together.
    let rows = maps.map { $0.reshaped([$0.shape[0], $0.values.count / $0.shape[0]]) }
    return linears.reduce(.joinedRows(rows)) { $1($0) }
  }

  func features(embedding: Tensor, levels: [Float]) -> Tensor {
    .joinedColumns([embedding, Tensor(shape: [levels.count, 1], values: levels)])
  }
}
