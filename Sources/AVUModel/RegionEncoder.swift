import TensorCore
import TensorNN

/// A CLIP image tower that looks at masked pictures: what each mask chose, as one vector
/// (A. Radford and others, “Learning transferable visual models from natural language supervision”,
/// 2021).
struct RegionEncoder: Sendable {
  /// Of red, green and blue from 0 to 1, as published with the weights.
  private static let mean: [Float] = [0.48145466, 0.4578275, 0.40821073]
  private static let deviation: [Float] = [0.26862954, 0.26130258, 0.27577711]

  private let pixelMean: [Float]
  private let pixelScale: [Float]
  private let patchEmbedding: Convolution
  private let classToken: Tensor
  private let position: Tensor
  private let inputNorm: LayerNorm
  private let layers: [RegionLayer]
  private let outputNorm: LayerNorm
  private let projection: Linear

  init(
    _ weights: Weights, _ sizes: EncoderSizes.CLIP, _ configuration: ModelConfiguration
  ) throws(WeightsError) {
    let (width, epsilon) = (sizes.width, configuration.layerEpsilon)
    let places =
      (configuration.imageHeight / sizes.patch) * (configuration.imageWidth / sizes.patch)
    (pixelMean, pixelScale) = (configuration.pixelMean, configuration.pixelScale)
    patchEmbedding = try Convolution(
      weights["patch_embedding"], .full(inputs: 3), width, size: sizes.patch, stride: sizes.patch,
      storage: .plain, activation: .none)
    classToken = try weights.tensor("class_token", [width]).reshaped([1, width])
    position = try weights.tensor("position", [places + 1, width])
    inputNorm = try LayerNorm(weights["input_norm"], width, epsilon: epsilon)
    var layers: [RegionLayer] = []
    for index in 0..<sizes.layers {
      layers.append(
        try RegionLayer(weights["layers"][index], width, heads: sizes.heads, epsilon: epsilon))
    }
    self.layers = layers
    outputNorm = try LayerNorm(weights["output_norm"], width, epsilon: epsilon)
    projection = try Linear(weights["projection"], width, sizes.output, hasBias: false)
  }

  /// A normalised picture [1, H, W, 3] and logits of masks [queries, H/4 · W/4] → [queries, output].
  ///
  /// What a mask does not choose is black; its edges are as soft as the mask's.
  func callAsFunction(_ picture: Tensor, masks: Tensor) -> Tensor {
    let pictures = masked(
      picture, by: soft(masks, height: picture.shape[1], width: picture.shape[2]))
    let places = patchEmbedding(pictures)
    let parts = (0..<masks.rows).flatMap { [classToken, places.part($0)] }
    var x = Tensor.joinedRows(parts.map { $0.reshaped([$0.rows, $0.width]) })
      .reshaped([masks.rows, position.rows, position.width])
    x.add(position)
    x = inputNorm(x)
    for layer in layers.dropLast() { x = layer(x) }
    // Nobody asks the last layer for anything but the class token.
    let first = (0..<masks.rows).map { $0 * position.rows }
    x = layers[layers.count - 1](x, asking: first)
    return projection(outputNorm(x.reshaped([masks.rows, position.width])))
  }

  /// Logits [queries, H/4 · W/4] → how far each pixel is chosen, [H, W, queries], 0 to 1.
  private func soft(_ masks: Tensor, height: Int, width: Int) -> Tensor {
    var map = masks.map(sigmoid).transposed().reshaped([1, height / 4, width / 4, masks.rows])
    for _ in 0..<2 {
      var wider = Tensor(zeros: [1, 2 * map.shape[1], 2 * map.shape[2], masks.rows])
      wider.addUpsampled(map)
      map = wider
    }
    return map.reshaped([height, width, masks.rows])
  }

  /// The picture under each mask, [queries, H, W, 3], normalised as CLIP wants it.
  private func masked(_ picture: Tensor, by soft: Tensor) -> Tensor {
    let (pixels, queries) = (picture.rows, soft.width)
    return Tensor(shape: [queries] + picture.shape.dropFirst()) { result in
      for query in 0..<queries {
        for pixel in 0..<pixels {
          let share = soft.values[pixel * queries + query]
          for colour in 0..<3 {
            let place = pixel * 3 + colour
            let value = picture.values[place] * pixelScale[colour] + pixelMean[colour]
            result[query * pixels * 3 + place] =
              (value / 255 * share - Self.mean[colour]) / Self.deviation[colour]
          }
        }
      }
    }
  }
}

/// Pre-norm: attention, feed-forward.
private struct RegionLayer: Sendable {
  private let attentionNorm: LayerNorm
  private let attention: Attention
  private let feedForwardNorm: LayerNorm
  private let feedForward: FeedForward

  init(_ weights: Weights, _ width: Int, heads: Int, epsilon: Float) throws(WeightsError) {
    attentionNorm = try LayerNorm(weights["attention_norm"], width, epsilon: epsilon)
    attention = try Attention(weights["attention"], width, heads: heads)
    feedForwardNorm = try LayerNorm(weights["feed_forward_norm"], width, epsilon: epsilon)
    feedForward = try FeedForward(
      weights["feed_forward"], width, 4 * width, width, activation: .quickGELU)
  }

  /// [batch, n, D] → [batch, n, D].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let y = attentionNorm(x)
    return finished(x + attention(y, y))
  }

  /// The same for one row of each part of the batch alone, by its place among all rows:
  /// [batch, n, D] → [batch, 1, D].
  func callAsFunction(_ x: Tensor, asking rows: [Int]) -> Tensor {
    let y = attentionNorm(x)
    func chosen(_ x: Tensor) -> Tensor {
      x.rows(at: rows).reshaped([rows.count, 1, x.width])
    }
    return finished(chosen(x) + attention(chosen(y), y))
  }

  private func finished(_ x: Tensor) -> Tensor { x + feedForward(feedForwardNorm(x)) }
}
