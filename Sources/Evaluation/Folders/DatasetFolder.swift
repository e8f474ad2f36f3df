public import Annotations
import Foundation
import Streaming

/// What a data set says of itself: `dataset.json`.
public struct DatasetDescription: Codable, Hashable, Sendable {
  /// The data set's name.
  public var name: String?

  /// What it is, in Markdown.
  public var description: String?

  /// The categories that clips may name.
  public var categories: [String]?

  /// Clip ids by split, for example `test`.
  public var splits: [String: [String]]?

  /// Under what terms it may be used.
  public var licence: String?

  /// Width and height of all masks, where they have not the size of the videos' frames.
  public var maskSize: [Int]?

  /// Whether clips have a video; nil for yes.
  public var hasVideos: Bool?

  /// Says nothing.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case name, description, categories, splits, licence
    case maskSize = "mask_size"
    case hasVideos = "has_videos"
  }
}

/// A folder of clip folders with ground truth.
public struct DatasetFolder: Sendable {
  /// Where the folder is.
  public let path: String

  /// What the data set says of itself; nil without a `dataset.json`.
  public let description: DatasetDescription?

  /// The clips, in order of their folders' names. A folder is a clip when it holds an
  /// `annotation.json`.
  public let clips: ClipFolders

  /// Opens a data set; clips are read later, one at a time.
  ///
  /// - Parameter path: The folder.
  /// - Throws: An error that names the folder or the `dataset.json`.
  public init(path: String) throws(EvaluationError) {
    self.path = path
    clips = ClipFolders(
      in: path, names: try DocumentFile.folders(in: path, holding: "annotation.json"))
    if clips.isEmpty { throw .emptyDataset(folder: path) }
    let document = path + "/dataset.json"
    guard let data = FileManager.default.contents(atPath: document) else {
      description = nil
      return
    }
    do {
      description = try JSONDecoder().decode(DatasetDescription.self, from: data)
    } catch {
      throw .unreadable(file: document, reason: "it is not a description of a data set")
    }
  }

  /// The ids of the clips of a split.
  ///
  /// - Parameter name: The split, for example `test`.
  /// - Returns: The ids as `dataset.json` has them.
  /// - Throws: ``EvaluationError/noSuchSplit(name:dataset:known:)``.
  public func clips(inSplit name: String) throws(EvaluationError) -> Set<String> {
    let splits = description?.splits ?? [:]
    guard let clips = splits[name] else {
      throw .noSuchSplit(name: name, dataset: path, known: splits.keys.sorted())
    }
    return Set(clips)
  }

  /// Reads one clip after another; memory does not grow with the data set.
  ///
  /// A clip that cannot be read is handed over as its error. When two folders hold the same clip,
  /// the second is refused.
  ///
  /// - Parameter body: Gets each folder with its truth or what is wrong with it.
  public func forEachClip(
    _ body: (ClipFolder, Result<ClipTruth, EvaluationError>) throws -> Void
  ) rethrows {
    var ids = UniqueIDs(of: clips)
    for (place, clip) in clips.enumerated() {
      let result = Result { () throws(EvaluationError) in
        let truth = try clip.truth()
        try ids.add(truth.id, at: place)
        return truth
      }
      try body(clip, result)
    }
  }
}
