import Annotations
public import Evaluation
import Foundation

/// Writes a data set as COCO's `instances.json` and `captions.json`, which pycocotools and
/// pycocoevalcap read.
public struct COCOExport: Sendable {
  private let output: String

  /// - Parameter output: The folder that gets the files.
  public init(to output: String) { self.output = output }

  /// Exports the clips; one that cannot be read is listed and left out.
  ///
  /// A moment whose mask is not empty has one annotation of the clip's category; where the objects
  /// are known apart, one for each.
  ///
  /// - Parameters:
  ///   - dataset: The clips.
  ///   - progress: Called after each clip with how many are done and how many there are.
  /// - Returns: What was written and what was left out.
  /// - Throws: An error that names a file that cannot be written.
  public func run(
    _ dataset: DatasetFolder, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DatasetError) -> ConversionOutcome {
    var outcome = ConversionOutcome()
    var tables = COCOTables()
    for (index, clip) in dataset.clips.enumerated() {
      do {
        try tables.add(try clip.truth())
        outcome.written += 1
      } catch {
        outcome.problems.append("\(clip.name): \(error)")
      }
      progress(index + 1, dataset.clips.count)
    }
    try DatasetFiles.write(json: tables.instances, to: output + "/instances.json")
    try DatasetFiles.write(json: tables.captions, to: output + "/captions.json")
    return outcome
  }
}

/// The two documents as they grow.
private struct COCOTables {
  var instances = COCODocument()
  var captions = COCODocument()
  private var categories: [String: Int] = [:]

  /// Adds a clip, whole or not at all.
  mutating func add(_ truth: ClipTruth) throws {
    var grown = self
    for index in truth.frameTimes.indices {
      let mask = try truth.masks?[index]?.decoded()
      let image = COCODocument.Image(
        id: grown.instances.images.count + 1, width: mask?.width ?? 0, height: mask?.height ?? 0,
        fileName: truth.id.text + "/" + String(format: "%05d", index), clip: truth.id.text,
        frame: index, time: truth.frameTimes[index])
      grown.instances.images.append(image)
      grown.captions.images.append(image)
      let objects =
        truth.objects?[index].map { ($0.category, $0.mask) }
        ?? mask.map { [(truth.category ?? "sounding", RunLengthMask($0))] } ?? []
      for (category, mask) in objects { try grown.add(category, mask, to: image) }
      for caption in truth.captions[index] {
        grown.captions.annotations.append(
          COCODocument.Annotation(
            id: grown.captions.annotations.count + 1, imageID: image.id, caption: caption))
      }
    }
    self = grown
  }

  private mutating func add(
    _ category: String, _ mask: RunLengthMask, to image: COCODocument.Image
  ) throws {
    let pixels = try mask.decoded()
    if pixels.isEmpty { return }
    if categories[category] == nil {
      categories[category] = categories.count + 1
      instances.categories.append(COCODocument.Category(id: categories.count, name: category))
    }
    instances.annotations.append(
      COCODocument.Annotation(
        id: instances.annotations.count + 1, imageID: image.id, categoryID: categories[category],
        segmentation: mask, area: pixels.area, bbox: pixels.box, iscrowd: 0))
  }
}
