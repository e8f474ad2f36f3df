import TensorCore

/// What the model makes of one golden frame, by the names of golden tensors.
struct GoldenFrame {
  private let picture: Tensor
  private let sound: SoundPatches
  private let pass: FramePass
  private let subject: FrameSubject?
  private let logits: Tensor?
  private let said: [String: [Int]]
  private let maskWidth: Int
  private let pixels: Tensor?

  init(frame: Int, model: AVUFormer, teacher: [Int]) {
    let configuration = model.configuration
    let input = GoldenInputs.input(
      frame: frame, width: configuration.imageWidth, height: configuration.imageHeight)
    picture = model.normalised(input.picture)
    sound = model.sound(of: input)
    pass = model.blocks(pictures: [picture], shown: [0], sounds: [sound])[0]
    subject = model.blocks.subject(of: pass) { [picture] in picture }
    let (decoder, topic) = (model.blocks.descriptionDecoder, subject?.topic)
    logits = topic.flatMap { decoder?.logits($0, after: teacher) }
    said = Self.decodings.merging([Self.generated: model.decoding]) { $1 }.compactMapValues {
      [topic, decoder] settings in
      topic.flatMap { decoder?.generate([$0], fullStop: model.vocabulary.fullStop, settings)[0] }
    }
    maskWidth = configuration.maskWidth
    pixels = pass.masks.flatMap { model.blocks.maskDecoder?.pixelFeatures($0.smoothed) }
  }

  /// The model's own choice of words.
  private static let generated = "generated"

  /// Other ways to choose words, as `training/parity/goldens.py` names them.
  private static let decodings: [String: DecodingSettings] = {
    var (beam, short, varied) = (DecodingSettings(), DecodingSettings(), DecodingSettings())
    beam.beam = 4
    (short.beam, short.maxWords) = (3, 9)
    (varied.beam, varied.noRepeatNGram) = (2, 2)
    return ["beam": beam, "short": short, "varied": varied]
  }()

  /// Whether a golden tensor is a choice of words, which must be the same to the last.
  static func isWords(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    return parts.count == 2 && parts[0] == "description_decoder"
      && (parts[1] == generated || decodings.keys.contains(String(parts[1])))
  }

  /// The values of a golden tensor, in its order; nil for an unknown name.
  func values(_ name: String) -> [Float]? {
    let parts = name.split(separator: ".").map(String.init)
    guard !parts.isEmpty else { return nil }
    let part = parts.count > 1 ? parts[1] : ""
    switch parts[0] {
    case "picture": return planes(picture, every: 8)
    case "log_mel": return sound.logMel.values
    case "levels": return sound.levels
    case "visual_encoder": return pyramid(part)
    case "audio_encoder":
      return part == "embedding"
        ? pass.features.audioEmbedding.values : pass.features.audioFeatures.values
    case "multi_modality_integration": return integrated(parts)
    case "mask_decoder": return masks(part)
    case "description_decoder": return description(part)
    default: return tokensOrHead(parts[0])
    }
  }

  private func tokensOrHead(_ name: String) -> [Float]? {
    switch name {
    case "visual_projection": pass.features.visualTokens.values
    case "audio_projection": pass.features.audioTokens.values
    case "query_token_generator": pass.features.queries.values
    case "category_head": pass.categories.values
    case "presence_head": pass.presence.values
    case "region_encoder": subject?.encodedRegions?.values
    case "mask_collaboration": subject?.regions?.values
    case "memory": subject?.topic.memory.values
    default: nil
    }
  }

  private func description(_ part: String) -> [Float]? {
    switch part {
    case "prompts": subject?.topic.prompts?.values
    case "logits": logits?.values
    default: said[part]?.map(Float.init)
    }
  }

  private func pyramid(_ level: String) -> [Float]? {
    guard let index = ["f4", "f8", "f16", "f32"].firstIndex(of: level) else { return nil }
    return planes(pass.features.pyramid[index], every: [8, 4, 2, 1][index])
  }

  private func integrated(_ parts: [String]) -> [Float]? {
    guard parts.count == 3, let layer = Int(parts[1]),
      pass.features.integrated.indices.contains(layer)
    else { return nil }
    let streams = pass.features.integrated[layer]
    return parts[2] == "visual" ? streams.visual.values : streams.audio.values
  }

  private func masks(_ part: String) -> [Float]? {
    guard let found = pass.masks else { return nil }
    switch part {
    case "pixels": return pixels.map { planes($0, every: 8) }
    case "union": return found.union
    case "query_masks":
      let masks = found.queries
      let shape = [masks.rows, masks.width / maskWidth, maskWidth, 1]
      return (0..<masks.rows).flatMap {
        planes(masks.rows($0..<$0 + 1).reshaped([1] + shape.dropFirst()), every: 2)
      }
    default: return nil
    }
  }

  /// Every n-th row and column of a map [1, height, width, channels], one channel after another.
  private func planes(_ map: Tensor, every step: Int) -> [Float] {
    let (height, width, channels) = (map.shape[1], map.shape[2], map.shape[3])
    return (0..<channels).flatMap { channel in
      stride(from: 0, to: height, by: step).flatMap { y in
        stride(from: 0, to: width, by: step).map { x in
          map.values[(y * width + x) * channels + channel]
        }
      }
    }
  }
}
