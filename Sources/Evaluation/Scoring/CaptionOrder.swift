import Streaming

/// In which order the ids of a document of sentences stand.
///
/// The reference reads all sentences as one text, in this order, and what a sentence's last period
/// means may depend on the sentence after it; see ``PTBTokenizer``.
public struct CaptionOrder: Hashable, Sendable {
  let references: NameTable
  let hypotheses: NameTable

  /// Behind which id which comes.
  ///
  /// - Parameter ids: The ids that count, ascending.
  /// - Returns: Places in `ids`, −1 behind the last, for references and for hypotheses.
  func successors(of ids: NameTable) -> (references: [Int32], hypotheses: [Int32]) {
    (Self.successors(of: ids, in: references), Self.successors(of: ids, in: hypotheses))
  }

  private static func successors(of ids: NameTable, in order: NameTable) -> [Int32] {
    var next = [Int32](repeating: -1, count: ids.count)
    var last: Int?
    for name in order {
      guard let place = ids.place(of: name) else { continue }
      if let last { next[last] = Int32(place) }
      last = place
    }
    return next
  }
}
