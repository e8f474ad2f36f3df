import Annotations
import Foundation

/// Turns COCO results (masks as run lengths, sentences, or both) into a folder of predictions.
public struct COCOResultsImport: Sendable {
  private let images: String
  private let threshold: Double

  /// Chooses how to read results.
  ///
  /// - Parameters:
  ///   - images: The `instances.json` or `captions.json` whose picture numbers the results have, as
  ///     `avu dataset export coco` writes it.
  ///   - threshold: From which score an object's mask counts; one without a score counts.
  public init(images: String, threshold: Double = 0.5) {
    self.images = images
    self.threshold = threshold
  }

  /// Imports; a result of an unknown picture is listed and left out.
  ///
  /// A moment's mask is the union of its objects' masks; a moment without results is silent.
  ///
  /// - Parameters:
  ///   - files: Files of results.
  ///   - model: The name of the model that made them.
  ///   - output: The folder that gets `<clip-id>/prediction.json`.
  /// - Returns: What was written and what was left out.
  /// - Throws: An error that names the file.
  public func run(
    _ files: [String], model: String, to output: String
  ) throws(DatasetError) -> ConversionOutcome {
    let document = try Self.read(COCODocument.self, images, "a list of pictures")
    var outcome = ConversionOutcome()
    var results: [Int: [COCOResult]] = [:]
    let known = Set(document.images.map(\.id))
    for file in files {
      for result in try Self.read([COCOResult].self, file, "a list of results") {
        if known.contains(result.imageID) {
          results[result.imageID, default: []].append(result)
        } else {
          outcome.problems.append("\(file): picture \(result.imageID) is not in \(images).")
        }
      }
    }
    let names = Dictionary(
      document.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let clips = Dictionary(grouping: document.images, by: \.clip).sorted { $0.key < $1.key }
    for (clip, moments) in clips {
      do {
        let frames = try moments.sorted { $0.frame < $1.frame }.enumerated().map { index, image in
          try frame(index, image, results[image.id] ?? [], names)
        }
        let prediction = Prediction(
          clip: .init(
            id: try ClipID(clip), sha256: "", duration: 0, fps: 0, width: moments[0].width,
            height: moments[0].height),
          model: .init(name: model, sha256: "", task: "ssu"), frames: frames,
          timings: .init(decodeSeconds: 0, modelSeconds: 0, totalSeconds: 0))
        try DatasetFiles.write(json: prediction, to: "\(output)/\(clip)/prediction.json")
        outcome.written += 1
      } catch let error as DatasetError {
        throw error
      } catch {
        outcome.problems.append("\(clip): \(error)")
      }
    }
    return outcome
  }

  private func frame(
    _ index: Int, _ image: COCODocument.Image, _ results: [COCOResult], _ names: [Int: String]
  ) throws(AnnotationError) -> Prediction.Frame {
    var union = BinaryMask(emptyOfWidth: max(1, image.width), height: max(1, image.height))
    var objects: [Prediction.SoundingObject] = []
    for result in results {
      guard let mask = result.segmentation?.mask, result.score ?? 1 >= threshold else { continue }
      let pixels = try mask.decoded().resized(toWidth: union.width, height: union.height)
      union = BinaryMask(
        width: union.width, height: union.height,
        pixels: zip(union.pixels, pixels.pixels).map { $0 | $1 })
      objects.append(
        .init(
          category: result.categoryID.flatMap { names[$0] } ?? "sounding",
          score: result.score ?? 1, mask: mask))
    }
    let caption = results.compactMap(\.caption).first ?? ""
    return Prediction.Frame(
      index: index, time: image.time, sounding: !union.isEmpty || !caption.isEmpty,
      score: results.compactMap(\.score).max() ?? (results.isEmpty ? 0 : 1),
      mask: RunLengthMask(union), caption: caption,
      category: objects.max { $0.score < $1.score }?.category, objects: objects)
  }

  private static func read<Document: Decodable>(
    _ type: Document.Type, _ file: String, _ what: String
  ) throws(DatasetError) -> Document {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .missing(file: file, what: what)
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw .unreadable(file: file, reason: "it is not \(what) as COCO has it")
    }
  }
}
