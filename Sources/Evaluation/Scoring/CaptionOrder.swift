import Foundation

/// In which order the ids of a document of sentences stand.
///
/// The reference reads all sentences as one text, in this order, and what a sentence's last period
/// means may depend on the sentence after it; see ``PTBTokenizer``.
public struct CaptionOrder: Hashable, Sendable {
  let references: [String]
  let hypotheses: [String]

  /// Reads the order of a valid document; decoders do not keep it.
  init(document: Data) {
    var scanner = MemberScanner(document)
    scanner.scan()
    references = scanner.names["references"] ?? []
    hypotheses = scanner.names["hypotheses"] ?? []
  }

  /// The places of ids in these orders; ids that an order lacks come last, by name.
  ///
  /// - Parameter ids: The ids; each once.
  /// - Returns: Places in `ids`, in the order of the references and in that of the hypotheses.
  func places(of ids: [String]) -> (references: [Int], hypotheses: [Int]) {
    (Self.places(of: ids, in: references), Self.places(of: ids, in: hypotheses))
  }

  private static func places(of ids: [String], in order: [String]) -> [Int] {
    let ranks = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    return ids.indices.sorted {
      (ranks[ids[$0]] ?? .max, ids[$0]) < (ranks[ids[$1]] ?? .max, ids[$1])
    }
  }
}

/// Collects the names of members of members, in the order of a valid JSON document in UTF-8.
private struct MemberScanner {
  /// By the name of a member of the document, the names of its own members.
  private(set) var names: [String: [String]] = [:]

  private let bytes: [UInt8]
  private var position = 0

  /// Whether each open bracket is an object's.
  private var objects: [Bool] = []
  private var isName = false
  private var member = ""

  init(_ document: Data) { bytes = Array(document) }

  mutating func scan() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "{"): open(isObject: true)
      case UInt8(ascii: "["): open(isObject: false)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): objects.removeLast()
      case UInt8(ascii: ","): isName = objects.last == true
      case UInt8(ascii: "\""): takeString()
      default: break
      }
      position += 1
    }
  }

  private mutating func open(isObject: Bool) {
    objects.append(isObject)
    isName = isObject
  }

  /// Moves to a string's closing quotation mark.
  private mutating func takeString() {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard isName, objects.count <= 2, position < bytes.count else { return }
    isName = false
    let name = try? JSONDecoder().decode(String.self, from: Data(bytes[start...position]))
    if objects.count == 1 {
      member = name ?? ""
    } else if let name {
      names[member, default: []].append(name)
    }
  }
}
