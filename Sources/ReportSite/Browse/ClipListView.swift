/// A page's part of the plain list of clips, with links to the other parts.
struct ClipListView: Encodable {
  struct PageLink: Encodable {
    let label: String
    let target: String?
  }

  let rows: [ClipRowView]
  let shown: String
  let hasPages: Bool
  let pages: [PageLink]
  /// The data for the script; nil on further pages, which are for readers without one.
  let data: String?

  /// The parts of a list.
  ///
  /// - Parameters:
  ///   - rows: All clips.
  ///   - root: From the collection's folder to the site's.
  /// - Returns: The parts, at least one; the first carries the data of all rows.
  /// - Throws: An error when the rows cannot be written as JSON.
  static func parts(of rows: [ClipRow], root: String) throws -> [ClipListView] {
    let size = CollectionPage.rowsOnAPage
    let count = max(1, (rows.count + size - 1) / size)
    let data = try JSONText.block(ClipListData(root: root, rows: rows))
    return (0..<count).map { part in
      let first = part * size
      let range = first..<min(rows.count, first + size)
      return ClipListView(
        rows: rows[range].map { ClipRowView($0, root: root) },
        shown: rows.isEmpty
          ? "No clips."
          : "Clips \(range.lowerBound + 1) to \(range.upperBound) of \(rows.count).",
        hasPages: count > 1,
        pages: (0..<count).map { other in
          PageLink(label: "\(other + 1)", target: other == part ? nil : fileName(of: other))
        },
        data: part == 0 ? data : nil)
    }
  }

  /// The file that holds a part.
  static func fileName(of part: Int) -> String {
    part == 0 ? "index.html" : "clips-\(part + 1).html"
  }
}

/// A further page of the plain list.
struct ListPage: Encodable {
  let frame: PageFrame
  let name: String
  let clips: ClipListView
}
