import Foundation

/// `config.json` as it is written.
struct ConfigurationFile: Decodable {
  struct Image: Decodable, Equatable {
    let width: Int
    let height: Int
    let mean: Colours
    let scale: Colours
    let order: String
    let resize: String
  }

  /// A value for red, green and blue each, or one for all.
  struct Colours: Decodable, Equatable {
    let values: [Float]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      guard let same = try? container.decode(Float.self) else {
        values = try container.decode([Float].self)
        guard values.count == 3 else {
          throw DecodingError.typeMismatch(
            [Float].self,
            DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "not three"))
        }
        return
      }
      values = [same, same, same]
    }
  }

  struct Audio: Decodable, Equatable {
    let sampleRate: Int
    let frame: Int
    let hop: Int
    let fft: Int
    let melBins: Int
    let melLowHz: Double
    let melHighHz: Double
    let logOffset: Double
    let patchFrames: Int
    let patchOffsetsS: [Double]
    let levelWindowSamples: Int
  }

  struct Epsilons: Decodable {
    let batch: Float
    let layer: Float
  }

  struct Switches: Decodable {
    let mcm: Bool
    let mmi: Bool
    let mask: Bool
    let description: Bool

    /// A loss that only training has; it must be possible all the same.
    let rcc: Bool?
    let mohe: Bool?
  }

  struct Thresholds: Decodable {
    let presence: Float
    let maskLogit: Float
  }

  private struct Format: Decodable { let format: Int }

  private struct Kinds: Decodable { let encoders: [String: EncoderSizes.Kind]? }

  let name: String
  let task: String
  let image: Image
  let audio: Audio
  let sizes: ModelSizes
  let normEps: Epsilons
  let switches: Switches
  let thresholds: Thresholds
  let categories: [ModelConfiguration.Category]
  let encoders: EncoderSizes?
  let decoding: DecodingSettings?

  /// Reads the file; another format, then unknown encoders are refused before anything else is
  /// looked at.
  static func read(_ data: Data, file: String) throws(ModelError) -> ConfigurationFile {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      let format = try decoder.decode(Format.self, from: data).format
      guard format == 1 else { throw ModelError.unsupportedFormat(file: file, format: format) }
      let kinds = try decoder.decode(Kinds.self, from: data).encoders ?? [:]
      if let reason = EncoderSizes.problem(of: kinds) {
        throw ModelError.impossible(file: file, reason: reason)
      }
      return try decoder.decode(ConfigurationFile.self, from: data)
    } catch let error as DecodingError {
      throw .malformedConfiguration(file: file, reason: error.reason)
    } catch let error as ModelError {
      throw error
    } catch {
      throw .malformedConfiguration(file: file, reason: "\(error)")
    }
  }
}

extension DecodingError {
  /// What is wrong, and where.
  fileprivate var reason: String {
    switch self {
    case .keyNotFound(let key, let context):
      "“\(Self.path(context.codingPath + [key]))” is missing"
    case .valueNotFound(_, let context), .typeMismatch(_, let context):
      "“\(Self.path(context.codingPath))” has the wrong type"
    case .dataCorrupted: "it is not valid JSON, or a number is out of range"
    @unknown default: "it is not what this version reads"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
}
