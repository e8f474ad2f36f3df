import TensorCore
import TensorNN

/// Masked regions as tokens, so that the sentences see what the masks chose (MCM).
///
/// Features pooled under each query's soft mask, or what the region encoder makes of the masked
/// picture, with the mask's centre, spread and area.
struct MaskCollaborationModule: Sendable {
  private let linear: Linear
  private let norm: LayerNorm

  /// x then y of each cell at a 16th of the picture, both from -1 to 1: [cells, 2].
  private let coordinates: Tensor

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    let sizes = configuration.sizes
    let channels =
      configuration.encoders.region?.output
      ?? sizes.pyramidChannels[2] + sizes.pyramidChannels[3] + sizes.pixelWidth
    linear = try Linear(weights["linear"], channels + 5, sizes.width)
    norm = try LayerNorm(weights["norm"], sizes.width, epsilon: configuration.layerEpsilon)
    coordinates = Self.coordinates(
      rows: configuration.imageHeight / 16, columns: configuration.imageWidth / 16)
  }

  /// Masks, the pyramid, what the region encoder gives [queries, output], if there is one, and what
  /// makes pixel features of a smoothed map → region tokens [queries, D].
  ///
  /// Logits are averaged to the cells before the sigmoid; the deepest map is repeated 2×2.
  func callAsFunction(
    _ masks: MaskDecoder.Masks, _ pyramid: [Tensor], encoded: Tensor?,
    pixelFeatures: (Tensor) -> Tensor
  ) -> Tensor {
    let (map, queries) = (masks.smoothed.shape, masks.queries)
    let soft = queries.reshaped([queries.rows, map[1], map[2], 1]).meanPooled(4)
      .map(sigmoid).reshaped([queries.rows, coordinates.rows])
    let sums = (0..<soft.rows).map { soft.row($0).reduce(0, +) }
    let weights = Tensor(
      shape: soft.shape,
      values: soft.values.indices.map { soft.values[$0] / (sums[$0 / soft.width] + 1e-4) })
    let centre = weights.product(coordinates)
    let squares = weights.product(coordinates.map { $0 * $0 })
    let spread = Tensor(
      shape: centre.shape,
      values: zip(squares.values, centre.values).map { max($0 - $1 * $1, 1e-6).squareRoot() })
    let area = Tensor(
      shape: [soft.rows, 1], values: sums.map { ($0 / Float(soft.width)).squareRoot() })
    let features =
      encoded
      ?? weights.product(
        .joinedColumns([
          pyramid[2], pyramid[3].repeated(2), pixelFeatures(masks.smoothed.meanPooled(4)),
        ]))
    return norm(linear(.joinedColumns([features, centre, spread, area])))
  }

  private static func coordinates(rows: Int, columns: Int) -> Tensor {
    func place(_ index: Int, of count: Int) -> Float {
      Float(-1 + 2 * Double(index) / Double(count - 1))
    }
    return Tensor(
      shape: [rows * columns, 2],
      values: (0..<rows * columns).flatMap {
        [place($0 % columns, of: columns), place($0 / columns, of: rows)]
      })
  }
}
