import Annotations
import Evaluation
import Foundation

extension DatasetFolder {
  /// Exports clip by clip and writes the list of those that were exported; one that does not fit is
  /// reported and left out.
  ///
  /// - Parameters:
  ///   - file: The list.
  ///   - header: Its first line.
  ///   - progress: Called after each clip with how many are done and how many there are.
  ///   - export: Writes a clip of a split (`test` for those of none) and gives its row of the list.
  /// - Returns: What was written and what was left out.
  /// - Throws: An error that names a file that cannot be written.
  func export(
    listedIn file: String, header: String, progress: (Int, Int) -> Void,
    _ export: (_ clip: ClipFolder, _ truth: ClipTruth, _ split: String) throws -> ExportedClip
  ) throws(DatasetError) -> ConversionOutcome {
    var splits: [String: String] = [:]
    for (split, clips) in description?.splits ?? [:] {
      for clip in clips { splits[clip] = split }
    }
    var outcome = ConversionOutcome()
    var lines = [header]
    for (index, clip) in clips.enumerated() {
      do {
        let truth = try clip.truth()
        let split = splits[truth.id.text] ?? "test"
        let exported = try export(clip, truth, split)
        if exported.row.contains(where: { $0.contains(",") }) {
          throw clip.unfit("a comma cannot stand in AVSBench's list of clips")
        }
        lines.append(exported.row.joined(separator: ","))
        outcome.written += 1
        if exported.moments < truth.frameTimes.count {
          outcome.cutClips += 1
          outcome.droppedMoments += truth.frameTimes.count - exported.moments
        }
      } catch let error as DatasetError {
        if case .unwritable = error { throw error }
        outcome.problems.append("\(clip.name): \(error)")
      } catch {
        outcome.problems.append("\(clip.name): \(error)")
      }
      progress(index + 1, clips.count)
    }
    try DatasetFiles.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: file)
    return outcome
  }
}

/// A clip as a list of clips has it.
struct ExportedClip {
  /// The fields of the clip's row.
  let row: [String]

  /// How many of its moments were written.
  let moments: Int
}

extension ClipFolder {
  /// Says that the clip has no place in a layout.
  func unfit(_ reason: String) -> DatasetError {
    .unreadable(file: annotationPath, reason: reason)
  }
}
