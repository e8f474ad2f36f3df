import Annotations
import Evaluation
import Foundation
import Media

/// Turns AVSBench-semantic into clip folders.
///
/// Its layout, as its own loader reads it: `metadata.csv` with the columns `uid`, `label` (`v1s`, `v1m` or
/// `v2`, the folder of the clip) and `split`; `label2idx.json` with the numbers of 71 classes; and
/// `{label}/{uid}/labels_rgb/{0…}.png`, a picture in the colours of the classes for each second. Of
/// training clips of `v1s` only the first second is labelled. There are frames and sound, but no
/// videos.
public struct AVSSImport: Sendable {
  /// What the format is called.
  public static let name = "avsbench-avss"

  private let source: String
  private let output: String

  /// Chooses what is imported.
  ///
  /// - Parameters:
  ///   - source: The folder with `metadata.csv`.
  ///   - output: The new data set's folder; clips that are there already stay.
  public init(from source: String, to output: String) {
    self.source = source
    self.output = output
  }

  /// Imports; a clip that cannot be taken is listed and the rest goes on.
  ///
  /// Each class of a moment becomes an object, all together the moment's mask. A file `video.mp4` of a
  /// clip's folder, which AVSBench does not give, is taken along.
  ///
  /// - Parameter progress: Called after each clip with how many are done and how many there are.
  /// - Returns: What was written and what was left out.
  /// - Throws: An error that names the list of clips or of classes, or a file that cannot be written.
  public func run(
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DatasetError) -> ConversionOutcome {
    let labels = try AVSSLabels(file: source + "/label2idx.json")
    let table = source + "/metadata.csv"
    let clips = try Self.clips(table)
    var outcome = ConversionOutcome()
    var splits: [String: [String]] = [:]
    for (index, clip) in clips.enumerated() {
      do {
        try add(clip, labels, &outcome)
        splits[clip.split, default: []].append(clip.id)
      } catch .unwritable(let file, let reason) {
        throw .unwritable(file: file, reason: reason)
      } catch {
        outcome.problems.append("\(clip.id): \(error)")
      }
      progress(index + 1, clips.count)
    }
    try DatasetFiles.write(json: description(labels, splits), to: output + "/dataset.json")
    return outcome
  }

  private func description(
    _ labels: AVSSLabels, _ splits: [String: [String]]
  ) -> DatasetDescription {
    var description = DatasetDescription()
    description.name = Self.name
    description.description = "AVSBench-semantic, imported by avu."
    description.licence =
      "CC BY-NC 4.0 by AVSBench's page; the data are given by its authors on request"
    description.splits = splits
    description.categories = labels.names
    description.hasVideos = false
    return description
  }

  private struct Clip {
    let id: String
    let folder: String
    let split: String
  }

  /// The clips of `metadata.csv`; its columns are found by their names.
  private static func clips(_ table: String) throws(DatasetError) -> [Clip] {
    let rows = try DatasetFiles.rows(table, withHeader: true)
    let header = rows.first ?? []
    guard let id = header.firstIndex(of: "uid"), let folder = header.firstIndex(of: "label"),
      let split = header.firstIndex(of: "split")
    else {
      throw .unreadable(file: table, reason: "its first line must name uid, label and split")
    }
    // Other columns are lists with commas in quotation marks; those here never are.
    return rows.dropFirst().compactMap { row in
      row.count > max(id, folder, split)
        ? Clip(id: row[id], folder: row[folder], split: row[split]) : nil
    }
  }

  /// Writes one clip; its document comes last, and says that the clip is whole.
  private func add(
    _ clip: Clip, _ labels: AVSSLabels, _ outcome: inout ConversionOutcome
  ) throws(DatasetError) {
    guard let id = try? ClipID(clip.id), ["v1s", "v1m", "v2"].contains(clip.folder) else {
      throw .unreadable(
        file: "metadata.csv",
        reason: "“\(clip.id)” cannot be a clip id, or “\(clip.folder)” is none of v1s, v1m, v2")
    }
    let folder = ClipFolder(path: output + "/" + clip.id)
    if FileManager.default.fileExists(atPath: folder.annotationPath) {
      outcome.present += 1
      return
    }
    let maps = "\(source)/\(clip.folder)/\(clip.id)/labels_rgb"
    var objects: [[TrueObject]] = []
    for second in 0..<Self.labelledSeconds(of: clip) {
      let map = try DatasetFiles.picture("\(maps)/\(second).png")
      let numbers = labels.numbers(in: map)
      objects.append(labels.objects(in: numbers, width: map.width, height: map.height))
      let mask = BinaryMask(
        width: map.width, height: map.height,
        pixels: numbers.map { $0 == UInt8(labels.background) ? 0 : 1 })
      try DatasetFiles.write(mask, to: folder.maskPath(second))
    }
    let video = "\(source)/\(clip.folder)/\(clip.id)/video.mp4"
    if FileManager.default.fileExists(atPath: video) {
      try DatasetFiles.place(video, at: folder.path + "/video.mp4")
    }
    let classes = Set(objects.joined().map(\.category))
    let truth = ClipTruth(
      id: id, source: "\(Self.name)/\(clip.folder)",
      category: classes.count == 1 ? classes.first : nil,
      frameTimes: objects.indices.map { Double($0) + AVSBenchLayout.offset },
      sounding: objects.map { !$0.isEmpty }, captions: objects.map { _ in [] }, objects: objects)
    try DatasetFiles.write(json: truth, to: folder.annotationPath)
    outcome.written += 1
  }

  private static func labelledSeconds(of clip: Clip) -> Int {
    switch clip.folder {
    case "v2": 10
    case "v1s" where clip.split == "train": 1
    default: 5
    }
  }
}
