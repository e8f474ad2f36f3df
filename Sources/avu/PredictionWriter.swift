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
    let masks = folder + "/masks"
    let files = FileManager.default
    guard !files.fileExists(atPath: folder + "/annotation.json") else {
      throw CommandError.option(
        name: "--output", reason: "\(folder) holds ground truth; choose another folder")
    }
    do {
      try? files.removeItem(atPath: folder + "/prediction.json")
      try? files.removeItem(atPath: masks)
      try files.createDirectory(atPath: masks, withIntermediateDirectories: true)
      for frame in prediction.frames {
        let mask = try frame.mask.decoded()
        let png = try PNGCodec.encodeMask(
          width: mask.width, height: mask.height, pixels: mask.pixels)
        let name = String(format: "%05d.png", frame.index)
        try Data(png).write(to: URL(fileURLWithPath: "\(masks)/\(name)"))
      }
      if let video { try writeOverlay(prediction, of: video, to: folder + "/overlay.mp4") }
      // Last, so that a folder with this file is complete.
      try document(of: prediction).write(
        to: URL(fileURLWithPath: folder + "/prediction.json"), options: .atomic)
    } catch let error as CocoaError {
      throw CommandError.unwritable(path: folder, reason: error.reason)
    }
    return folder
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

extension CocoaError {
  /// Why, in the system's words where there are some.
  var reason: String {
    (underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
      ?? localizedDescription
  }
}
