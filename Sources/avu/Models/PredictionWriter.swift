import Annotations
import Foundation
import Media
import ReportSite
import Workers

/// Writes predictions as clip folders.
struct PredictionWriter {
  /// The folder that gets one folder a clip.
  let output: String

  /// Writes one clip's folder; what an earlier run wrote there is replaced.
  ///
  /// - Parameters:
  ///   - prediction: What to write.
  ///   - video: The video to paint the masks into, if an overlay is wanted.
  /// - Returns: The folder.
  /// - Throws: ``CommandError`` for a folder that holds ground truth or cannot be written;
  ///   `MediaError`.
  func write(_ prediction: Prediction, overlayOf video: MediaLocation?) throws -> String {
    let folder = "\(output)/\(prediction.clip.id.text)"
    guard !FileManager.default.fileExists(atPath: folder + "/annotation.json") else {
      throw CommandError.option(
        name: "--output", reason: "\(folder) holds ground truth; choose another folder")
    }
    let new = "\(output)/.\(prediction.clip.id.text).new"
    do {
      try? FileManager.default.removeItem(atPath: new)
      try writeFiles(prediction, overlayOf: video, in: new)
      try replace(folder, by: new)
    } catch let error as CocoaError {
      try? FileManager.default.removeItem(atPath: new)
      throw CommandError.unwritable(path: folder, reason: FileReason(error))
    } catch {
      try? FileManager.default.removeItem(atPath: new)
      throw error
    }
    return folder
  }

  private func writeFiles(
    _ prediction: Prediction, overlayOf video: MediaLocation?, in folder: String
  ) throws {
    let masks = folder + "/masks"
    try FileManager.default.createDirectory(atPath: masks, withIntermediateDirectories: true)
    for frame in prediction.frames {
      let mask = try frame.mask.decoded()
      let png = try PNGCodec.encodeMask(
        width: mask.width, height: mask.height, pixels: mask.pixels)
      let name = String(format: "%05d.png", frame.index)
      try Data(png).write(to: URL(fileURLWithPath: "\(masks)/\(name)"))
    }
    if let video { try writeOverlay(prediction, of: video, to: folder + "/overlay.mp4") }
    try document(of: prediction).write(to: URL(fileURLWithPath: folder + "/prediction.json"))
  }

  /// Moves what was written to its place, once all of it is there: a full disk costs no old result.
  private func replace(_ folder: String, by new: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["masks", "overlay.mp4", "prediction.json"] {
      try? files.removeItem(atPath: "\(folder)/\(name)")
      guard files.fileExists(atPath: "\(new)/\(name)") else { continue }
      try files.moveItem(atPath: "\(new)/\(name)", toPath: "\(folder)/\(name)")
    }
    try files.removeItem(atPath: new)
  }

  private func document(of prediction: Prediction) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(prediction) + Data("\n".utf8)
  }

  /// Paints each moment's mask into the frames that are nearest to it.
  private func writeOverlay(
    _ prediction: Prediction, of video: MediaLocation, to path: String
  ) throws {
    let masks = try prediction.frames.map { try $0.mask.decoded() }
    let times = prediction.frames.map(\.time)
    var nearest = 0
    try video.withOpenPath { source in
      try WebVideo.transcode(from: source, to: path) { time, image in
        while nearest + 1 < times.count,
          abs(times[nearest + 1] - time) < abs(times[nearest] - time)
        {
          nearest += 1
        }
        guard !masks.isEmpty else { return }
        MaskDrawing.draw(
          masks[nearest], into: &image, colour: MaskDrawing.prediction, fills: true)
      }
    }
  }
}
