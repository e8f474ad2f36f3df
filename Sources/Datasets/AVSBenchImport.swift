import Annotations
import Evaluation
import Foundation

/// Turns AVSBench's S4 or MS3 into clip folders.
public struct AVSBenchImport: Sendable {
  private let layout: AVSBenchLayout
  private let source: String
  private let output: String

  /// Chooses what is imported.
  ///
  /// - Parameters:
  ///   - layout: The subset.
  ///   - source: The folder with the subset's list of clips.
  ///   - output: The new data set's folder; clips that are there already stay.
  public init(_ layout: AVSBenchLayout, from source: String, to output: String) {
    self.layout = layout
    self.source = source
    self.output = output
  }

  /// Imports; a clip that cannot be taken is listed and the rest goes on.
  ///
  /// Masks keep AVSBench's size, which `dataset.json` notes as `mask_size`: its own figures are
  /// computed at that size, whatever the video's.
  ///
  /// - Parameter progress: Called after each clip with how many are done and how many there are.
  /// - Returns: What was written and what was left out.
  /// - Throws: An error that names the list of clips or a file that cannot be written.
  public func run(
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DatasetError) -> ConversionOutcome {
    let rows = try DatasetFiles.rows(source + "/" + layout.table)
    var outcome = ConversionOutcome()
    var description = DatasetDescription()
    description.name = layout.rawValue
    description.description = "AVSBench, imported by avu."
    description.licence =
      "CC BY-NC 4.0 by AVSBench's page; the data are given by its authors on request"
    var splits: [String: [String]] = [:]
    var categories: Set<String> = []
    for (index, row) in rows.enumerated() {
      guard let entry = layout.entry(row) else {
        outcome.problems.append("\(layout.table), line \(index + 2), has too few fields.")
        continue
      }
      do {
        let size = try add(entry, &outcome)
        description.maskSize = description.maskSize ?? size
        splits[entry.split, default: []].append(entry.id)
        if let category = entry.category { categories.insert(category) }
      } catch .unwritable(let file, let reason) {
        throw .unwritable(file: file, reason: reason)
      } catch {
        outcome.problems.append("\(entry.id): \(error)")
      }
      progress(index + 1, rows.count)
    }
    description.splits = splits
    description.categories = categories.isEmpty ? nil : categories.sorted()
    try DatasetFiles.write(json: description, to: output + "/dataset.json")
    return outcome
  }

  /// Writes one clip; its document comes last, and says that the clip is whole.
  ///
  /// - Returns: Width and height of the masks.
  private func add(
    _ entry: AVSBenchLayout.Entry, _ outcome: inout ConversionOutcome
  ) throws(DatasetError) -> [Int] {
    let files = (1...layout.maskCount(of: entry)).map { source + "/" + layout.mask($0, of: entry) }
    let first = try DatasetFiles.mask(files[0])
    let clip = output + "/" + entry.id
    guard let id = try? ClipID(entry.id) else {
      throw .unreadable(file: layout.table, reason: "“\(entry.id)” cannot be a clip id")
    }
    if FileManager.default.fileExists(atPath: clip + "/annotation.json") {
      outcome.present += 1
      return [first.width, first.height]
    }
    var sounding: [Bool] = []
    for (index, file) in files.enumerated() {
      let mask = try DatasetFiles.mask(file)
      sounding.append(!mask.isEmpty)
      try DatasetFiles.write(mask, to: ClipFolder(path: clip).maskPath(index))
    }
    let video = source + "/" + layout.video(of: entry)
    if FileManager.default.fileExists(atPath: video) {
      try DatasetFiles.place(video, at: clip + "/video.mp4")
    } else {
      outcome.problems.append("\(entry.id): \(video) is missing, so the clip has no video.")
    }
    let truth = ClipTruth(
      id: id, source: layout.rawValue, category: entry.category,
      frameTimes: files.indices.map { Double($0) + AVSBenchLayout.offset }, sounding: sounding,
      captions: files.map { _ in [] })
    try DatasetFiles.write(json: truth, to: clip + "/annotation.json")
    outcome.written += 1
    return [first.width, first.height]
  }
}
