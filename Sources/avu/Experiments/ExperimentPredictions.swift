import Annotations
import Evaluation
import Experiments
import Foundation
import Logging
import Media
import Workers

/// An installed model's predictions of a data set, in a folder; those that are missing are computed.
struct ExperimentPredictions {
  let settings: Settings
  let entry: ModelLibrary.Entry

  /// Where the predictions are.
  let folder: String

  /// What could not be predicted, a sentence each.
  private(set) var problems: [String] = []

  init(settings: Settings, entry: ModelLibrary.Entry, folder: String) {
    self.settings = settings
    self.entry = entry
    self.folder = folder
  }

  /// Predicts the clips that have no prediction of this model's weights.
  ///
  /// - Parameters:
  ///   - dataSet: The clips.
  ///   - title: Whose predictions these are, for the progress.
  /// - Throws: An error that names the folder of the data set or of the predictions.
  mutating func complete(_ dataSet: ExperimentDataSet, title: String) async throws {
    try createFolder()
    let missing = try missingClips(of: dataSet)
    if missing.isEmpty { return }
    let processes = WorkerProcesses(
      settings, count: 1, threads: nil, logger: Logger(label: "avu.evaluate"))
    let job = self
    let line = SharedProgressLine("Analysing \(dataSet.name) with \(title)")
    problems += await withTaskGroup(of: Void.self) { group in
      group.addTask { await processes.run() }
      var problems: [String] = []
      for (index, clip) in missing.enumerated() {
        do {
          try await job.predict(clip, on: processes) { part in
            line.update(done: Double(index) + part, of: missing.count)
          }
        } catch {
          problems.append("\(clip.clip): \(error)")
        }
      }
      group.cancelAll()
      return problems
    }
    line.end()
  }

  private func createFolder() throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch let error as CocoaError {
      throw CommandError.unwritable(path: folder, reason: FileReason(error))
    }
  }

  private func missingClips(of dataSet: ExperimentDataSet) throws -> [VideoDiscovery.Found] {
    let dataset = try DatasetFolder(path: dataSet.path)
    let wanted = try dataSet.split.map { try dataset.clips(inSplit: $0) }
    let predictions = try PredictionFolder(path: folder)
    let found = try VideoDiscovery([Array(dataSet.path.utf8)]).found
    return found.filter { video in
      if let wanted, !wanted.contains(video.clip.text) { return false }
      // Evaluation names clips without truth or video; they are not work for the model.
      guard
        FileManager.default.fileExists(atPath: "\(dataSet.path)/\(video.clip.text)/annotation.json")
      else { return false }
      let known = try? predictions.prediction(of: video.clip)
      return known?.model.sha256 != entry.sha256
    }
  }

  private func predict(
    _ video: VideoDiscovery.Found, on processes: WorkerProcesses,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws {
    let digest = try await FileHashing.digests(of: [video.location]) { _ in }[0].get()
    let payload = InferencePayload(
      clip: video.clip, location: video.location.text, sha256: digest.sha256, model: entry.name,
      modelSHA256: entry.sha256, frameRate: 1)
    let prediction = try await processes.answer(
      .infer(payload), silence: .seconds(600), progress: progress
    ).prediction()
    _ = try PredictionWriter(output: folder).write(prediction, overlayOf: nil)
  }
}
