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

  /// Exports the clips; one that does not fit the layout is listed and left out. Of a clip with more
  /// moments than the layout has seconds the first ones are taken.
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
      return ExportedClip(row: layout.row(entry), moments: layout.maskCount(of: entry))
    }
  }

  private func write(
    _ clip: ClipFolder, _ truth: ClipTruth, _ entry: AVSBenchLayout.Entry
  ) throws {
    let count = layout.maskCount(of: entry)
    let masks = (truth.masks ?? []).prefix(count).compactMap(\.self)
    guard masks.count == count else {
      throw clip.unfit(
        "\(layout.rawValue) needs \(count) masks, and of the first \(count) moments "
          + "\(masks.count) have one")
    }
    if layout == .s4, (entry.category ?? "").isEmpty || (entry.category ?? "").contains("/") {
      throw clip.unfit("avsbench-s4 needs a category that can be the name of a folder")
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
