public import Foundation
import Streaming

/// A document of hypotheses and references by id: `{"references":{id:[…]},"hypotheses":{id:…}}`.
///
/// A single sentence may stand for a list of one, and a list of one hypothesis for the sentence, as
/// pycocoevalcap has it. Only the ids and where their sentences stand are in memory.
public struct CaptionFile: Sendable {
  /// What errors name.
  let name: String

  /// In which order the ids stand.
  let order: CaptionOrder

  /// The ids that have a reference or a hypothesis, ascending by their bytes.
  private(set) var entries: [Entry] = []

  private let data: Data

  /// The ids of the references and behind them those of the hypotheses, as they stand in the document.
  private let ids: NameTable

  /// Where their values begin.
  private let starts: [Int]
  private let references: Int

  /// The places of an id in ``ids``; −1 for none.
  struct Entry: Hashable, Sendable {
    var reference: Int32 = -1
    var hypothesis: Int32 = -1
    var isRepeated = false
  }

  /// Opens a file; sentences are read later, id by id.
  ///
  /// - Throws: ``EvaluationError/missing(file:what:)`` and ``EvaluationError/unreadable(file:reason:)``.
  public init(contentsOf file: String) throws(EvaluationError) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
    else {
      throw .missing(file: file, what: "a JSON file of sentences")
    }
    try self.init(data, name: file)
  }

  /// Takes a document.
  ///
  /// - Parameters:
  ///   - data: The document.
  ///   - name: What errors name.
  /// - Throws: ``EvaluationError/unreadable(file:reason:)``.
  public init(_ data: Data, name: String) throws(EvaluationError) {
    do {
      let found = try Self.index(data)
      (ids, starts, references) = (found.ids, found.starts, found.references)
    } catch {
      throw .unreadable(
        file: name,
        reason: "it must be JSON such as {\"references\":{\"1\":[\"A dog barks.\"]},"
          + "\"hypotheses\":{\"1\":\"A dog is barking.\"}}, with one hypothesis for each id")
    }
    self.data = data
    self.name = name
    order = CaptionOrder(
      references: ids.names(at: Array(0..<Int32(references))),
      hypotheses: ids.names(at: Array(Int32(references)..<Int32(ids.count))))
    var last = -1
    for place in ids.ascending {
      if last < 0 || !ids.isSame(last, Int(place)) { entries.append(Entry()) }
      last = Int(place)
      let list = last < references ? \Entry.reference : \Entry.hypothesis
      let end = entries.count - 1
      if entries[end][keyPath: list] >= 0 { entries[end].isRepeated = true }
      entries[end][keyPath: list] = place
    }
  }

  /// Puts a document together.
  ///
  /// - Parameters:
  ///   - references: For each id, the sentences that people wrote.
  ///   - hypotheses: For each id, the sentence to score.
  ///   - name: What errors name.
  /// - Throws: Errors of the encoder; ``EvaluationError/unreadable(file:reason:)``.
  public init(
    references: [String: [String]], hypotheses: [String: String], name: String
  ) throws {
    func members(_ values: [String: some Encodable]) throws -> String {
      try values.keys.sorted().map { id in
        let entry = String(decoding: try JSONEncoder().encode([id: values[id]]), as: UTF8.self)
        return String(entry.dropFirst().dropLast())
      }.joined(separator: ",")
    }
    let document =
      "{\"references\":{\(try members(references))},\"hypotheses\":{\(try members(hypotheses))}}"
    try self.init(Data(document.utf8), name: name)
  }

  /// The id of an entry.
  func id(of entry: Entry) -> String { ids[Int(max(entry.reference, entry.hypothesis))] }

  /// The references of an id; empty without any.
  func references(of entry: Entry) -> [String] { sentences(at: entry.reference) }

  /// The hypothesis of an id; nil when there is none.
  func hypothesis(of entry: Entry) -> String? { sentences(at: entry.hypothesis).first }

  private func sentences(at place: Int32) -> [String] {
    if place < 0 { return [] }
    return data.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes, at: starts[Int(place)])
      // The document was read before.
      return (try? Self.sentences(&scanner)) ?? []
    }
  }

  private static func sentences(_ scanner: inout JSONScanner) throws -> [String] {
    if scanner.peek() == UInt8(ascii: "\"") { return [try scanner.string()] }
    var sentences: [String] = []
    try scanner.elements { sentences.append(try $0.string()) }
    return sentences
  }

  private static func index(
    _ data: Data
  ) throws -> (ids: NameTable, starts: [Int], references: Int) {
    var lists = ["references": (NameTable(), [Int]()), "hypotheses": (NameTable(), [Int]())]
    var seen: Set<String> = []
    try data.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      try scanner.members { scanner, list in
        guard var (ids, starts) = lists[list] else { return try scanner.skip() }
        if !seen.insert(list).inserted { throw JSONScanner.Malformed() }
        lists[list] = nil
        try scanner.members { scanner, id in
          _ = scanner.peek()
          ids.append(id)
          starts.append(scanner.position)
          let count = try sentences(&scanner).count
          if list == "hypotheses", count != 1 { throw JSONScanner.Malformed() }
        }
        lists[list] = (ids, starts)
      }
      if scanner.peek() != nil || seen.count != 2 { throw JSONScanner.Malformed() }
    }
    var (ids, starts) = lists["references"] ?? (NameTable(), [])
    let references = ids.count
    let hypotheses = lists["hypotheses"] ?? (NameTable(), [])
    for id in hypotheses.0 { ids.append(id) }
    starts += hypotheses.1
    return (ids, starts, references)
  }
}
