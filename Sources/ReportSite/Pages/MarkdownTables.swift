/// Pipe tables in Markdown, which CommonMark leaves out: a row of headings, a row of dashes, rows.
enum MarkdownTables {
  /// A stretch of a document.
  enum Block {
    case text(String)
    case table(headings: [String], isNumber: [Bool], rows: [[String]])
  }

  /// Cuts a document where tables begin and end; what is fenced as code is no table.
  static func blocks(of markdown: String) -> [Block] {
    let lines = markdown.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
    var blocks: [Block] = []
    var text: [String] = []
    var isFenced = false
    var index = 0
    while index < lines.count {
      if isFence(lines[index]) { isFenced.toggle() }
      if !isFenced, index + 1 < lines.count, let table = table(in: lines[index...]) {
        blocks += [.text(text.joined(separator: "\n")), table.block]
        text = []
        index += table.lines
      } else {
        text.append(lines[index])
        index += 1
      }
    }
    return blocks + [.text(text.joined(separator: "\n"))]
  }

  private static func isFence(_ line: String) -> Bool {
    let start = line.drop { $0 == " " }
    return start.hasPrefix("```") || start.hasPrefix("~~~")
  }

  private static func table(in lines: ArraySlice<String>) -> (block: Block, lines: Int)? {
    let start = lines.startIndex
    guard let headings = cells(of: lines[start]), let dashes = cells(of: lines[start + 1]),
      headings.count == dashes.count, dashes.allSatisfy(isDashes)
    else { return nil }
    let rows = lines.dropFirst(2).prefix { cells(of: $0) != nil }.compactMap(cells)
    let padded = rows.map { row in
      Array((row + [String](repeating: "", count: headings.count)).prefix(headings.count))
    }
    let block = Block.table(
      headings: headings, isNumber: dashes.map { $0.hasSuffix(":") && !$0.hasPrefix(":") },
      rows: padded)
    return (block, 2 + rows.count)
  }

  private static func isDashes(_ cell: String) -> Bool {
    cell.contains("-") && cell.allSatisfy { "-:".contains($0) }
  }

  /// The cells of a line that begins with a pipe; a pipe behind a backslash belongs to its cell.
  private static func cells(of line: String) -> [String]? {
    var line = Substring(line).drop { $0 == " " }
    guard line.first == "|" else { return nil }
    line.removeFirst()
    var cells = [""]
    var isEscaped = false
    for character in line {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        if character == "|" { cells[cells.count - 1].removeLast() }
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    if cells.last?.allSatisfy(\.isWhitespace) == true { cells.removeLast() }
    return cells.map { cell in
      String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
