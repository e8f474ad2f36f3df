import Annotations
import Foundation

import Evaluation

/// A data set and predictions in a folder that goes away with the test.
final class TemporaryDataset {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("avu evaluation '\(UUID().uuidString)'")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var truth: String { path + "/truth" }
  var predictions: String { path + "/predictions" }

  /// Scores the predictions against the truth.
  func report(_ evaluation: FolderEvaluation) throws -> MetricReport {
    try evaluation.report(
      of: DatasetFolder(path: truth), answers: PredictionFolder(path: predictions))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    let file = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// A clip with two moments: in the first the left half sounds, in the second nothing.
  func addTruth(_ name: String, id: String? = nil, category: String = "dog barking") throws {
    try write(
      """
      {"id": "\(id ?? name)", "category": "\(category)", "frame_times": [0.5, 1.5],
       "sounding": [true, false], "captions": ["The dog is barking.", ""], "uncertain": []}
      """, to: "truth/\(name)/annotation.json")
    try addMask("truth/\(name)/masks/00000.png", [255, 0, 255, 0])
    try addMask("truth/\(name)/masks/00001.png", [0, 0, 0, 0])
  }

  func addMask(_ name: String, _ pixels: [UInt8], width: Int = 2, height: Int = 2) throws {
    try write(GrayPNG.bytes(width: width, height: height, pixels: pixels), to: name)
  }

  func addPrediction(
    _ name: String, masks: [[UInt8]] = [[1, 0, 1, 0], [0, 0, 0, 0]],
    caption: String = "The dog is barking.", times: [Double] = [0.5, 1.5]
  ) throws {
    let prediction = try Sample.prediction(name, masks: masks, caption: caption, times: times)
    try write(
      Array(try JSONEncoder().encode(prediction)), to: "predictions/\(name)/prediction.json")
  }
}

/// Predictions and scores for tests.
enum Sample {
  static func prediction(
    _ name: String, masks: [[UInt8]], caption: String, times: [Double]
  ) throws -> Prediction {
    let frames = zip(times, masks).enumerated().map { index, item in
      let mask = BinaryMask(width: 2, height: 2, pixels: item.1)
      return Prediction.Frame(
        index: index, time: item.0, sounding: !mask.isEmpty, score: 0.9,
        mask: RunLengthMask(mask), caption: mask.isEmpty ? "" : caption, category: nil)
    }
    return Prediction(
      clip: .init(id: try ClipID(name), sha256: "", duration: 2, fps: 25, width: 2, height: 2),
      model: .init(name: "m", sha256: "", task: "ssu"), frames: frames,
      timings: .init(decodeSeconds: 0, modelSeconds: 0, totalSeconds: 0))
  }
}
