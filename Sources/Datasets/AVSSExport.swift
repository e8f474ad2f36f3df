import Annotations
public import Evaluation
import Foundation
import Media

/// Turns clip folders that tell objects apart into AVSBench-semantic's layout; see ``AVSSImport``.
public struct AVSSExport: Sendable {
  private let output: String

  /// Chooses where to write.
  ///
  /// - Parameter output: The folder that gets `metadata.csv`.
  public init(to output: String) { self.output = output }

  /// Exports the clips; one that does not fit the layout is listed and left out.
  ///
  /// Classes are numbered as `dataset.json` lists its categories, `background` put first where it is
  /// not among them. Where objects overlap, the later one is seen.
  ///
  /// - Parameters:
  ///   - dataset: The clips. Those of no split go to `test`.
  ///   - progress: Called after each clip with how many are done and how many there are.
  /// - Returns: What was written and what was left out.
  /// - Throws: An error that names a file that cannot be written, or `dataset.json` when it lists no
  ///   categories or more than 255.
  public func run(
    _ dataset: DatasetFolder, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DatasetError) -> ConversionOutcome {
    let labels = try Self.labels(of: dataset)
    let outcome = try dataset.export(
      listedIn: output + "/metadata.csv", header: "uid,label,split", progress: progress
    ) { clip, truth, split in
      ExportedClip(
        row: [truth.id.text, try write(clip, truth, split, labels), split],
        moments: truth.frameTimes.count)
    }
    try DatasetFiles.write(json: labels.document, to: output + "/label2idx.json")
    return outcome
  }

  private static func labels(of dataset: DatasetFolder) throws(DatasetError) -> AVSSLabels {
    var names = dataset.description?.categories ?? []
    if !names.contains(ClassScore.background) { names.insert(ClassScore.background, at: 0) }
    guard (2...256).contains(names.count), Set(names).count == names.count else {
      throw .unreadable(
        file: dataset.path + "/dataset.json",
        reason: "\(AVSSImport.name) needs 1 to 255 categories, each once")
    }
    return AVSSLabels(names: names)
  }

  /// - Returns: The folder among `v1s`, `v1m` and `v2` that has so many labelled seconds.
  private func write(
    _ clip: ClipFolder, _ truth: ClipTruth, _ split: String, _ labels: AVSSLabels
  ) throws -> String {
    guard let objects = truth.objects else {
      throw clip.unfit("\(AVSSImport.name) needs its objects apart, in the list “objects”")
    }
    // What was imported goes back to its own folder.
    let isSingleSource = truth.source == "\(AVSSImport.name)/v1s"
    let folders = [
      1: split == "train" ? "v1s" : nil, 5: isSingleSource ? "v1s" : "v1m", 10: "v2",
    ]
    guard let folder = folders[objects.count] ?? nil else {
      throw clip.unfit(
        "\(AVSSImport.name) has 10 or 5 labelled seconds, or 1 in training, and the clip has "
          + "\(objects.count)")
    }
    for (second, objects) in objects.enumerated() {
      let size = objects.first.map(\.mask.size) ?? truth.masks?[second]?.size
      guard let size else { throw clip.unfit("the size of its masks is not known") }
      var numbers = [UInt8](repeating: UInt8(labels.background), count: size[0] * size[1])
      for object in objects {
        guard let number = labels.names.firstIndex(of: object.category) else {
          throw clip.unfit("dataset.json does not list the category “\(object.category)”")
        }
        let mask = try object.mask.decoded()
        guard mask.pixels.count == numbers.count else { throw clip.unfit("masks differ in size") }
        for (place, value) in mask.pixels.enumerated() where value == 1 {
          numbers[place] = UInt8(number)
        }
      }
      let png = try PNGCodec.encodeIndexed(
        width: size[1], height: size[0], indices: numbers,
        palette: labels.names.indices.map(AVSSLabels.colour))
      try DatasetFiles.write(
        Data(png), to: "\(output)/\(folder)/\(truth.id)/labels_rgb/\(second).png")
    }
    if let video = clip.videoPath {
      try DatasetFiles.place(video, at: "\(output)/\(folder)/\(truth.id)/video.mp4")
    }
    return folder
  }
}
