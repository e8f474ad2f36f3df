import Foundation

extension ResultTable {
  /// The table as Markdown: the best figure of each group that can be compared is bold, and a
  /// figure that stands apart carries the number of the footnote that says why.
  public var markdown: String {
    let cells = TableCells(self)
    var lines = ["## \(title)", ""]
    if let description { lines += [description, ""] }
    lines.append("| \(cells.header.joined(separator: " | ")) |")
    lines.append("|---|" + String(repeating: "---:|", count: cells.header.count - 1))
    lines += cells.rows.map { "| \($0.map(Self.escaped).joined(separator: " | ")) |" }
    let notes = cells.footnotes.enumerated().map { "\($0.offset + 1). \($0.element)" }
    if !notes.isEmpty { lines += [""] + notes }
    if !cells.origins.isEmpty { lines += [""] + cells.origins.map { "- \($0)" } }
    if !self.notes.isEmpty { lines += [""] + self.notes.map { "- \($0)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ cell: String) -> String { cell.replacing("|", with: "\\|") }
}

/// The cells of a table as text.
public struct TableCells: Hashable, Sendable {
  /// The columns' headings, the methods' first.
  public let header: [String]

  /// One array a row, as long as the header.
  public let rows: [[String]]

  /// What the numbers behind figures mean, from 1.
  public let footnotes: [String]

  /// Where and when the measured rows were measured, a sentence for each place.
  public let origins: [String]

  /// Writes a table's cells.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - isMarkdown: Whether the best figures are bold and marks raised.
  public init(_ table: ResultTable, isMarkdown: Bool = true) {
    let columns = table.filledColumns
    var footnotes: [String] = []
    var texts: [[String]] = table.rows.map { [$0.name, $0.provenance.words] }
    for column in columns {
      let ranking = table.ranking(by: column.metric)
      let entries = Dictionary(
        uniqueKeysWithValues: (ranking?.entries ?? []).map { ($0.row, $0) })
      for row in table.rows.indices {
        guard let entry = entries[row], let value = table.rows[row].values[column.metric] else {
          texts[row].append("–")
          continue
        }
        var text = Self.text(value)
        if isMarkdown, entry.place == 1 { text = "**\(text)**" }
        if let mark = entry.mark, let footnote = ranking?.footnotes[mark - 1] {
          if !footnotes.contains(footnote) { footnotes.append(footnote) }
          let number = (footnotes.firstIndex(of: footnote) ?? 0) + 1
          text += isMarkdown ? "<sup>\(number)</sup>" : " [\(number)]"
        }
        texts[row].append(text)
      }
    }
    header =
      ["method", "figures"]
      + columns.map { $0.unit.isEmpty ? $0.title : "\($0.title) (\($0.unit))" }
    rows = texts
    self.footnotes = footnotes
    origins = Self.origins(of: table)
  }

  private static func origins(of table: ResultTable) -> [String] {
    var places: [String] = []
    var rows: [String: [String]] = [:]
    for row in table.rows {
      guard case .measured(let measurement) = row.provenance else { continue }
      let commit = measurement.commit.map { ", commit \($0)" } ?? ""
      let place =
        "Measured \(measurement.when.formatted(.iso8601)) on \(measurement.machine)\(commit)"
      if rows[place] == nil { places.append(place) }
      let clips = measurement.clips.map { " (\($0) clips)" } ?? ""
      rows[place, default: []].append(row.name + clips)
    }
    return places.map { "\($0): \((rows[$0] ?? []).joined(separator: ", "))." }
  }

  /// Shares to four places as the paper has them, larger figures to five digits.
  private static func text(_ value: ResultValue) -> String {
    func number(_ value: Double) -> String {
      abs(value) < 10 ? String(format: "%.4f", value) : String(format: "%.5g", value)
    }
    guard let interval = value.ci95, interval.count == 2 else { return number(value.value) }
    return "\(number(value.value)) (\(number(interval[0])) to \(number(interval[1])))"
  }
}

extension Provenance {
  /// Where the figures are from, in few words.
  var words: String {
    switch self {
    case .paperReported: "paper-reported"
    case .measured(let measurement):
      "measured \(measurement.when.formatted(.iso8601.year().month().day()))"
    }
  }
}
