import Annotations
import Streaming

/// The clip folders of a data set; of each only its name is in memory.
public struct ClipFolders: RandomAccessCollection, Sendable {
  private let path: String

  /// The folders' names, ascending by their bytes.
  let names: NameTable

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

/// Which clips were seen: a bit for each whose folder has its id for a name, as nearly all have.
///
/// Other ids are known by a hash; where one comes again, the folder that had it first is looked at
/// once more.
struct UniqueIDs {
  private let clips: ClipFolders

  /// For each folder whether its clip was seen under the folder's own name.
  private var seen = PlaceSet()

  /// The folders of the clips of other ids, by the ids' hashes.
  private var others: [Int: Int32] = [:]

  init(of clips: ClipFolders) {
    self.clips = clips
  }

  /// Adds a clip.
  ///
  /// - Parameters:
  ///   - id: The clip's id.
  ///   - place: Where its folder is.
  /// - Throws: ``EvaluationError/duplicateClip(id:first:second:)`` when another folder has the id.
  mutating func add(_ id: ClipID, at place: Int) throws(EvaluationError) {
    if let first = self.place(of: id, likely: place) {
      throw .duplicateClip(id: id.text, first: clips[first].path, second: clips[place].path)
    }
    if clips.names.place(of: id.text, likely: place) == place {
      seen.insert(place)
    } else {
      others[hash(of: id)] = Int32(place)
    }
  }

  /// Whether a clip was added.
  func contains(_ id: ClipID) -> Bool { place(of: id, likely: -1) != nil }

  private func place(of id: ClipID, likely: Int) -> Int? {
    if let own = clips.names.place(of: id.text, likely: likely), seen.contains(own) { return own }
    return others[hash(of: id)].map(Int.init)
  }

  /// The id's hash or, where another id has it, the next one that is free.
  private func hash(of id: ClipID) -> Int {
    var hash = id.hashValue
    while let place = others[hash], (try? clips[Int(place)].annotation().id) != id { hash &+= 1 }
    return hash
  }
}
