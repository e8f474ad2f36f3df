/// Which encoders a model has, and their sizes; one that is left out is avuformer-lite's.
struct EncoderSizes: Sendable, Equatable, Decodable {
  /// PVT-v2: a value for each of the four stages.
  struct Pyramid: Sendable, Equatable, Decodable {
    let channels: [Int]
    let depths: [Int]
    let heads: [Int]
    let expansions: [Int]
    let reductions: [Int]
  }

  /// VGGish: channels of the six convolutions, of the hidden layers and of the embedding.
  struct VGGish: Sendable, Equatable, Decodable {
    let channels: [Int]
    let hidden: Int
    let embedding: Int
  }

  /// A CLIP image tower over pictures of the model's own size.
  struct CLIP: Sendable, Equatable, Decodable {
    let width: Int
    let layers: Int
    let heads: Int
    let patch: Int
    let output: Int
  }

  /// Without it: EfficientNet-Lite0.
  var visual: Pyramid?

  /// Without it: the YAMNet-shaped encoder.
  var audio: VGGish?

  /// Without it: features are pooled under masks.
  var region: CLIP?

  /// What each encoder may be.
  private static let kinds = ["visual": "pvt-v2", "audio": "vggish", "region": "clip-vit"]

  /// What the file says an encoder is, read before its sizes.
  struct Kind: Decodable { let kind: String }

  /// Why encoders of these kinds are not known, if so.
  static func problem(of found: [String: Kind]) -> String? {
    for (name, encoder) in found.sorted(by: { $0.key < $1.key }) {
      guard let known = kinds[name] else {
        return
          "encoders.\(name) is no encoder; there are \(kinds.keys.sorted().joined(separator: ", "))"
      }
      guard encoder.kind == known else {
        return "encoders.\(name) is “\(encoder.kind)”, but this version knows only “\(known)” there"
      }
    }
    return nil
  }
}

extension EncoderSizes {
  /// Why no such encoders can be, if so; the first reason found.
  ///
  /// - Parameters:
  ///   - imageWidth: Pixels in a row of a picture, a multiple of 32.
  ///   - imageHeight: Rows of a picture, a multiple of 32.
  /// - Returns: A clause, or nil when they can be.
  func problem(imageWidth: Int, imageHeight: Int) -> String? {
    visual?.problem ?? audio?.problem
      ?? region?.problem(imageWidth: imageWidth, imageHeight: imageHeight)
  }

  /// Sizes small enough that a product of two is a number.
  fileprivate static let possible = 1...65_536
}

extension EncoderSizes.Pyramid {
  /// Stages of the pyramid, and how many pixels of a picture a place of the last map stands for.
  static let stages = 4

  fileprivate var problem: String? {
    let lists = [
      ("channels", channels), ("depths", depths), ("heads", heads), ("expansions", expansions),
      ("reductions", reductions),
    ]
    for (name, list) in lists {
      guard list.count == Self.stages, list.allSatisfy(EncoderSizes.possible.contains) else {
        return "encoders.visual.\(name) is \(list), where each of the \(Self.stages) stages needs "
          + "one value above 0"
      }
    }
    for stage in 0..<Self.stages {
      guard channels[stage] % heads[stage] == 0 else {
        return "encoders.visual has \(channels[stage]) channels that cannot be divided among "
          + "\(heads[stage]) heads"
      }
      // A map at a stride of 2^(stage + 2), in pictures whose sizes are multiples of 32.
      guard (8 >> stage) % reductions[stage] == 0 else {
        return "encoders.visual.reductions is \(reductions), but maps can only be reduced by "
          + "divisors of 8, 4, 2 and 1"
      }
    }
    guard depths.allSatisfy({ $0 <= 1000 }),
      zip(channels, expansions).allSatisfy({ $0 * $1 <= 65_536 })
    else { return "encoders.visual is too large" }
    return nil
  }
}

extension EncoderSizes.VGGish {
  /// Convolutions of VGGish.
  static let convolutions = 6

  fileprivate var problem: String? {
    let sizes = channels + [hidden, embedding]
    guard channels.count == Self.convolutions, sizes.allSatisfy(EncoderSizes.possible.contains)
    else {
      return "encoders.audio needs \(Self.convolutions) channels, hidden and embedding, all above 0"
    }
    return nil
  }
}

extension EncoderSizes.CLIP {
  fileprivate func problem(imageWidth: Int, imageHeight: Int) -> String? {
    guard [width, layers, heads, patch, output].allSatisfy(EncoderSizes.possible.contains),
      layers <= 1000
    else {
      return "encoders.region needs width, layers, heads, patch and output, all above 0"
    }
    guard width % heads == 0 else {
      return "encoders.region.width \(width) cannot be divided among \(heads) heads"
    }
    guard imageWidth % patch == 0, imageHeight % patch == 0 else {
      return
        "encoders.region.patch is \(patch), which does not divide pictures of \(imageWidth)×\(imageHeight)"
    }
    return nil
  }
}
