import Media

/// Writes the index by which readers' browsers filter, sort and search clips.
///
/// It is made of scripts, because a page that is opened by double-click may load nothing else. Each
/// part of a collection has two: what lists filter and sort by, and what is only read when a row is
/// shown or text is searched. Their names hold their hash; only the list of parts has a fixed name,
/// so that a clip's page, which outlives many indexes, finds it.
struct ClipIndex {
  /// The folder of the index, from the site's.
  static let folder = "index"

  /// The list of all parts, from the site's folder.
  static let parts = folder + "/clips.js"

  /// Clips in a part.
  static let clipsInAPart = 2000

  private let folder: SiteFolder
  private var collections: [Collection] = []

  private struct Part: Encodable {
    let clips: Int
    let columns: String
    let texts: String
  }

  private struct Collection: Encodable {
    let name: String
    let path: String
    let parts: [Part]
    let ranks: Ranks
    /// How the figures were made, for tables that readers save.
    let signature: String?
  }

  /// Thousandths below which 0, 1, … 100 % of the scored clips lie, so that a clip's page, which does
  /// not know the others, can tell how the clip stands among them; empty without scored clips.
  struct Ranks: Encodable {
    let iou: [Int]
    let fScore: [Int]

    init(_ rows: [ClipRow]) {
      iou = Self.percentiles(rows.compactMap(\.iou))
      fScore = Self.percentiles(rows.compactMap(\.fScore))
    }

    private static func percentiles(_ values: [Double]) -> [Int] {
      let sorted = values.sorted()
      guard sorted.count > 1 else { return [] }
      return (0...100).map { Int((1000 * sorted[$0 * (sorted.count - 1) / 100]).rounded()) }
    }
  }

  /// An index without clips.
  init(folder: SiteFolder) { self.folder = folder }

  /// Writes the parts of a collection.
  ///
  /// - Parameters:
  ///   - rows: Its clips in the order of lists.
  ///   - name: Its name.
  ///   - path: Its folder, from the site's.
  ///   - signature: How its figures were made.
  /// - Throws: ``SiteError`` when the disk is full.
  mutating func add(
    _ rows: [ClipRow], of name: String, path: String, signature: FigureSignature?
  ) throws {
    let stem = path.split(separator: "/").last.map(String.init) ?? path
    var parts: [Part] = []
    for first in stride(from: 0, to: rows.count, by: Self.clipsInAPart) {
      let part = rows[first..<min(rows.count, first + Self.clipsInAPart)]
      let file = "\(stem)-\(parts.count + 1)"
      parts.append(
        Part(
          clips: part.count, columns: try write(ClipColumns(part), file),
          texts: try write(ClipTexts(part), file + "-texts")))
    }
    collections.append(
      Collection(
        name: name, path: path, parts: parts, ranks: Ranks(rows), signature: signature?.text))
  }

  /// Writes the list of all parts.
  func finish() throws {
    let script = try JSONText.script(calling: "avuClips", "clips", ["collections": collections])
    try folder.write(script, to: Self.parts)
  }

  private func write(_ part: some Encodable, _ stem: String) throws -> String {
    let script = try JSONText.script(calling: "avuClips", stem, part)
    let file = "\(Self.folder)/\(stem).\(ContentHash.sha256(of: script).prefix(12)).js"
    try folder.write(script, to: file)
    return file
  }
}

/// What lists filter and sort by, column by column: as text it is a quarter of what rows would be.
struct ClipColumns: Encodable {
  /// Texts that many clips share: which of ``names`` each clip has, from 1; 0 for none.
  struct Names: Encodable {
    private(set) var names: [String] = []
    private(set) var clips: [Int] = []
    private var numbers: [String: Int] = [:]

    private enum CodingKeys: String, CodingKey { case names, clips }

    fileprivate mutating func add(_ name: String?) {
      guard let name else { return clips.append(0) }
      if let known = numbers[name] { return clips.append(known) }
      names.append(name)
      numbers[name] = names.count
      clips.append(names.count)
    }
  }

  /// The ids.
  private(set) var id: [String] = []
  /// The folders' names, where they are not the id, by the clip's place in the part.
  private(set) var folder: [String: String] = [:]
  private(set) var state = Names()
  private(set) var category = Names()
  private(set) var model = Names()
  /// What people and the model say sounds.
  private(set) var truth = Names()
  private(set) var said = Names()
  /// What is wrong, as ``ClipFacts/problems``.
  private(set) var problems: [Int] = []
  /// Thousandths; -1 for none.
  private(set) var iou: [Int] = []
  private(set) var fScore: [Int] = []
  /// Tenths of a second; -1 for none.
  private(set) var duration: [Int] = []
  private(set) var sounding: [Int] = []

  /// Takes rows apart.
  init(_ rows: ArraySlice<ClipRow>) {
    for (place, row) in rows.enumerated() {
      id.append(row.id)
      if row.folder != row.id { folder["\(place)"] = row.folder }
      state.add(row.state)
      category.add(row.category)
      model.add(row.model)
      truth.add(row.judgement?.truth)
      said.add(row.judgement?.said)
      problems.append(row.facts.problems)
      iou.append(Self.whole(row.iou, 1000))
      fScore.append(Self.whole(row.fScore, 1000))
      duration.append(Self.whole(row.duration, 10))
      sounding.append(Self.whole(row.sounding, 10))
    }
  }

  private static func whole(_ value: Double?, _ scale: Double) -> Int {
    guard let value, value >= 0, value < 1e8 else { return -1 }
    return Int((value * scale).rounded())
  }
}

/// What is read when a row is shown or text is searched.
struct ClipTexts: Encodable {
  /// The different sentences of the part.
  private(set) var sentences: [String] = []
  /// Which of them each clip has, in order of time.
  private(set) var said: [[Int]] = []
  /// Why a clip failed, by its place in the part.
  private(set) var reason: [String: String] = [:]
  /// Small pictures, from the site's folder; empty for none.
  private(set) var picture: [String] = []

  /// Takes rows apart.
  init(_ rows: ArraySlice<ClipRow>) {
    var numbers: [String: Int] = [:]
    for (place, row) in rows.enumerated() {
      said.append(
        row.sentences.map { sentence in
          if let known = numbers[sentence] { return known }
          numbers[sentence] = sentences.count
          sentences.append(sentence)
          return sentences.count - 1
        })
      if let why = row.reason { reason["\(place)"] = why }
      picture.append(row.thumbnail ?? "")
    }
  }
}
