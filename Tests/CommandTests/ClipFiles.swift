import Annotations
import Foundation

/// Ground truth, predictions and other files in a folder that goes away with the test.
final class ClipFiles {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/avu command '\(UUID().uuidString)'"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var truth: String { path + "/truth" }
  var predictions: String { path + "/predictions" }

  /// Writes a file and the folders above it; gives its full path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  @discardableResult
  func write(_ data: Data, to name: String) throws -> String {
    let file = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }

  /// A clip of 2×2 pixels with two moments: first the left half sounds, then nothing.
  func addTruth(_ name: String, category: String = "dog barking") throws {
    let truth = ClipTruth(
      id: try ClipID(name), category: category, frameTimes: [0.5, 1.5], sounding: [true, false],
      captions: [["The dog is barking."], []], masks: [mask([1, 0, 1, 0]), mask([0, 0, 0, 0])])
    try write(try JSONEncoder().encode(truth), to: "truth/\(name)/annotation.json")
  }

  /// A prediction for such a clip.
  func addPrediction(
    _ name: String, first: [UInt8] = [1, 0, 1, 0], caption: String = "The dog is barking."
  ) throws {
    let frames = [(0.5, first, caption), (1.5, [0, 0, 0, 0], "")].enumerated().map { index, item in
      Prediction.Frame(
        index: index, time: item.0, sounding: item.1.contains(1), score: 0.9, mask: mask(item.1),
        caption: item.2, category: nil)
    }
    let prediction = Prediction(
      clip: .init(id: try ClipID(name), sha256: "", duration: 2, fps: 25, width: 2, height: 2),
      model: .init(name: "m", sha256: "", task: "ssu"), frames: frames,
      timings: .init(decodeSeconds: 0, modelSeconds: 0, totalSeconds: 0))
    try write(
      try JSONEncoder().encode(prediction), to: "predictions/\(name)/prediction.json")
  }

  private func mask(_ pixels: [UInt8]) -> RunLengthMask {
    RunLengthMask(BinaryMask(width: 2, height: 2, pixels: pixels))
  }
}

/// A metrics JSON, as far as tests look into it.
struct MetricDocument: Decodable {
  struct Figure: Decodable {
    let value: Double
    let ci95: [Double]?
  }

  struct Figures: Decodable {
    let iou: Figure?
    let bleu: Figure?

    enum CodingKeys: String, CodingKey {
      case iou = "mIoU"
      case bleu = "BLEU-1"
    }
  }

  struct Counts: Decodable {
    let clips: Int
    let captions: Int
  }

  struct Unscored: Decodable { let clip: String }

  let signature: [String: String]
  let n: Counts
  let overall: Figures
  let byCategory: [String: Figures]
  let byClip: [String: Figures]
  let unscored: [Unscored]

  enum CodingKeys: String, CodingKey {
    case signature, n, unscored
    case byCategory = "by_category"
    case byClip = "by_clip"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    signature = try container.decode([String: String].self, forKey: .signature)
    n = try container.decode(Counts.self, forKey: .n)
    overall = try Figures(from: decoder)
    byCategory = try container.decode([String: Figures].self, forKey: .byCategory)
    byClip = try container.decode([String: Figures].self, forKey: .byClip)
    unscored = try container.decode([Unscored].self, forKey: .unscored)
  }

  init(_ text: String) throws {
    self = try JSONDecoder().decode(MetricDocument.self, from: Data(text.utf8))
  }
}
