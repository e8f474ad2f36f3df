/// What a model is: the content of its `config.json`.
public struct ModelConfiguration: Sendable, Equatable {
  /// One kind of thing that can sound.
  public struct Category: Sendable, Equatable, Decodable {
    /// Short name, as in results.
    public let name: String

    /// What the sounding thing is called in a sentence.
    public let noun: String

    /// What it does in a sentence.
    public let verb: String

    /// Whether it is an instrument, which somebody plays.
    public let player: Bool

    /// Its branch of the category tree; models with experts need one.
    let group: String?
  }

  /// Name of the model.
  public let name: String

  /// What it was trained for: `ssu` (masks and sentences), `ssu-s` or `sss` (masks), `ssu-d` or
  /// `avc` (sentences).
  public var task: String { kind.rawValue }

  /// What comes out, for people.
  public var taskSummary: String { kind.summary }

  /// Whether the model makes masks.
  public var hasMasks: Bool { kind.hasMasks }

  /// Whether the model makes sentences.
  public var hasSentences: Bool { kind.hasSentences }

  let kind: ModelTask

  /// Pixels in a row of a picture.
  public let imageWidth: Int

  /// Rows of a picture.
  public let imageHeight: Int

  /// Samples of sound a second.
  public let sampleRate: Int

  /// A frame whose presence is at least this is sounding; a probability.
  public let presenceThreshold: Float

  /// A pixel whose logit is above this belongs to the mask.
  public let maskThreshold: Float

  /// What can sound, in the order of the scores.
  public let categories: [Category]

  /// Mean and divisor of a pixel's red, green and blue.
  let pixelMean: [Float]
  let pixelScale: [Float]

  /// Which encoders there are.
  let encoders: EncoderSizes

  /// Widths and counts of the layers.
  let sizes: ModelSizes

  /// What is added to variances.
  let batchEpsilon: Float
  let layerEpsilon: Float

  /// Whether masked regions are part of what the sentences see (MCM).
  let masksReachSentences: Bool

  /// Feed-forward layers that are mixed for a word (MoHE); 0 when there is one that is not.
  let experts: Int

  /// How sentences are chosen, if nothing else is asked for.
  public let decoding: DecodingSettings

  /// Values in a row of a mask's logits: a quarter of the picture's width.
  public var maskWidth: Int { imageWidth / 4 }

  /// Rows of a mask's logits: a quarter of the picture's height.
  public var maskHeight: Int { imageHeight / 4 }

  /// Values in a row of a map of attention: a 32nd of the picture's width.
  public var attentionWidth: Int { imageWidth / 32 }

  /// Rows of a map of attention: a 32nd of the picture's height.
  public var attentionHeight: Int { imageHeight / 32 }

  /// Visual tokens: cells of the deepest map.
  var visualTokens: Int { attentionWidth * attentionHeight }
}

/// Widths and counts of the layers, as in `config.json`.
struct ModelSizes: Sendable, Equatable, Decodable {
  let width: Int
  let heads: Int
  let integrationLayers: Int
  let queryTokens: Int
  let audioPatches: Int
  let pixelWidth: Int
  let deepPixelWidth: Int
  let descriptionLayers: Int
  let maxTokens: Int
  let embeddingScale: Float
  let pyramidChannels: [Int]
  let audioFeatures: Int
  let vocabulary: Int
  let experts: Int?
}
