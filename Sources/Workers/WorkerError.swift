/// What can go wrong between a collection on disk and its results in the database.
package enum WorkerError: Error, Sendable {
  /// A file or folder cannot be opened.
  case unreadable(path: String, reason: String)

  /// No video was found where some were expected.
  case noVideos(path: String)

  /// A list of videos cannot be read.
  case badManifest(path: String, reason: String)

  /// A line of a list of videos is left out.
  case badManifestLine(path: String, line: Int, reason: String)

  /// What looks like an address is none.
  case badAddress(String)

  /// Two inputs, and some more, would have the same clip id.
  case duplicateClip(id: String, first: String, second: String, more: Int)

  /// The file is not the one that was submitted.
  case changedSinceSubmit(path: String)

  /// The document that a job carries cannot be read.
  case corruptPayload(kind: String, reason: String)

  /// This machine has no model with the weights that the job asks for.
  case modelMissing(name: String, sha256: String)

  /// No model of this name is installed.
  case noSuchModel(name: String, directory: String, installed: [String])

  /// No collection of this name was submitted.
  case noSuchCollection(name: String, known: [String])

  /// The worker process could not be started.
  case childNotStarted(reason: String)
}

extension WorkerError {
  /// Whether trying again is useless.
  var isPermanent: Bool {
    switch self {
    case .unreadable, .modelMissing, .childNotStarted: false
    case .noVideos, .badManifest, .badManifestLine, .badAddress, .duplicateClip,
      .changedSinceSubmit, .corruptPayload, .noSuchModel, .noSuchCollection:
      true
    }
  }
}

extension WorkerError: CustomStringConvertible {
  /// One sentence that says what to do.
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path) cannot be read (\(reason)); check that it exists and that you may read it."
    case .noVideos(let path):
      "\(path) holds no video file; name a folder or files that libavformat can read."
    case .badManifest(let path, let reason):
      "\(path) is no list of videos (\(reason)); give JSON Lines such as {\"video\": \"a.mp4\"}, or CSV "
        + "whose first line names a column “video”."
    case .badManifestLine(let path, let line, let reason):
      "\(path), line \(line): \(reason); this video was left out."
    case .badAddress(let text):
      "\(text) is no address of a file; give http://… or https://… with a host and a file's name."
    case .duplicateClip(let id, let first, let second, let more):
      "\(first) and \(second)\(more > 0 ? ", and \(more) more," : "") would all be clip “\(id)”, so "
        + "none was taken; rename them, or submit them to collections of their own."
    case .changedSinceSubmit(let path):
      "\(path) has changed since it was submitted; submit it again."
    case .corruptPayload(let kind, let reason):
      "The job's \(kind) document cannot be read (\(reason)); submit the clip again."
    case .modelMissing(let name, let sha256):
      "This machine has no model “\(name)” with weights \(sha256.prefix(12))…; copy its folder "
        + "to the models directory."
    case .noSuchModel(let name, let directory, let installed):
      "There is no model “\(name)” in \(directory); "
        + (installed.isEmpty
          ? "that folder holds none or cannot be read."
          : "installed: \(installed.joined(separator: ", ")).")
    case .noSuchCollection(let name, let known):
      "There is no collection “\(name)”; "
        + (known.isEmpty
          ? "submit one first." : "there are: \(known.prefix(20).joined(separator: ", ")).")
    case .childNotStarted(let reason):
      "The worker process could not be started: \(reason)."
    }
  }
}
