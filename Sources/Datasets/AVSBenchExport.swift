import Annotations
public import Evaluation
import Foundation

/// Turns clip folders into AVSBench's S4 or MS3, so that its own code can read them.
public struct AVSBenchExport: Sendable {
  private let layout: AVSBenchLayout
  private let output: String

  /// Chooses what is written.
  ///
  /// - Parameters:
  ///   - layout: The subset.
  ///   - output: The folder that gets the list of clips.
  public init(_ layout: AVSBenchLayout, to output: String) {
    self.layout = layout
    self.output = output
  }

  /// Exports the clips; one that does not fit the layout is listed and left out.
  ///
  /// - Parameters:
  ///   - dataset: The clips. Those of no split go to `test`.
  ///   - progress: Called after each clip with how many are done and how many there are.
  /// - Returns: What was written and what was left out.
  /// - Throws: An error that names a file that cannot be written.
  public func run(
    _ dataset: DatasetFolder, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DatasetError) -> ConversionOutcome {
    try dataset.export(
      listedIn: output + "/" + layout.table, header: layout.header, progress: progress
    ) { clip, truth, split in
      let entry = AVSBenchLayout.Entry(
        id: truth.id.text, category: layout == .s4 ? truth.category : nil, split: split)
      try write(clip, truth, entry)
      return layout.row(entry)
    }
  }

  private func write(
    _ clip: ClipFolder, _ truth: ClipTruth, _ entry: AVSBenchLayout.Entry
  ) throws {
    func unfit(_ reason: String) -> DatasetError {
      .unreadable(file: clip.annotationPath, reason: reason)
    }
    let count = layout.maskCount(of: entry)
    let masks = (truth.masks ?? []).compactMap(\.self)
    guard masks.count >= count else {
      throw unfit("\(layout.rawValue) needs \(count) masks, and the clip has \(masks.count)")
    }
    if layout == .s4, (entry.category ?? "").isEmpty || (entry.category ?? "").contains("/") {
      throw unfit("avsbench-s4 needs a category that can be the name of a folder")
    }
    if entry.id.contains(",") || (entry.category ?? "").contains(",") {
      throw unfit("a comma cannot stand in AVSBench's list of clips")
    }
    for second in 1...count {
      try DatasetFiles.write(
        try masks[second - 1].decoded(), to: output + "/" + layout.mask(second, of: entry))
    }
    if let video = clip.videoPath {
      try DatasetFiles.place(video, at: output + "/" + layout.video(of: entry))
    }
  }
}
