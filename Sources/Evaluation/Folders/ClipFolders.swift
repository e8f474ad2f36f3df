import Annotations
import Streaming

/// The clip folders of a data set; of each only its name is in memory.
public struct ClipFolders: RandomAccessCollection, Sendable {
  private let path: String
  private let names: NameTable

  init(in path: String, names: NameTable) {
    self.path = path
    self.names = names
  }

  /// 0.
  public var startIndex: Int { 0 }

  /// How many folders there are.
  public var endIndex: Int { names.count }

  /// The folder at a place.
  public subscript(place: Int) -> ClipFolder { ClipFolder(path: path + "/" + names[place]) }
}

/// Which clips were seen: a few bytes for each, whatever their ids.
///
/// Ids are known by a hash; where one comes again, the folder that had it first is looked at once
/// more.
struct UniqueIDs {
  private let clips: ClipFolders
  private var places: [Int: Int32] = [:]

  init(of clips: ClipFolders) { self.clips = clips }

  /// Adds a clip.
  ///
  /// - Parameters:
  ///   - id: The clip's id.
  ///   - place: Where its folder is.
  /// - Throws: ``EvaluationError/duplicateClip(id:first:second:)`` when another folder has the id.
  mutating func add(_ id: ClipID, at place: Int) throws(EvaluationError) {
    let hash = self.hash(of: id)
    if let first = places[hash] {
      throw .duplicateClip(
        id: id.text, first: clips[Int(first)].path, second: clips[place].path)
    }
    places[hash] = Int32(place)
  }

  /// Whether a clip was added.
  func contains(_ id: ClipID) -> Bool { places[hash(of: id)] != nil }

  /// The id's hash or, where another id has it, the next one that is free.
  private func hash(of id: ClipID) -> Int {
    var hash = id.hashValue
    while let place = places[hash], (try? clips[Int(place)].annotation().id) != id { hash &+= 1 }
    return hash
  }
}
