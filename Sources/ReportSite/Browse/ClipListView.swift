/// A page's part of the plain list of clips, with links to the other parts.
struct ClipListView: Encodable {
  struct PageLink: Encodable {
    let label: String
    /// What the link says where its label does not; nil where it does.
    var words: String?
    /// Nil for the page itself and for pages that are left out.
    let target: String?
    let isCurrent: Bool
  }

  let rows: [ClipRowView]
  let shown: String
  let hasPages: Bool
  let pages: [PageLink]
  /// Which clips the script lists: the folder of a collection, from the site's; empty for all.
  let scope: String

  /// Part of a collection's list.
  ///
  /// - Parameters:
  ///   - part: Which part, from 0.
  ///   - all: All clips.
  ///   - root: From the collection's folder to the site's.
  ///   - scope: The collection's folder, from the site's.
  init(part: Int, of all: [ClipRow], root: String, scope: String) {
    let range = Self.range(of: part, of: all.count)
    rows = all[range].map { ClipRowView($0, root: root) }
    shown = Self.words(range, of: all.count)
    pages = Self.links(from: part, of: Self.count(of: all.count))
    hasPages = pages.count > 1
    self.scope = scope
  }

  /// The first clips of several collections, for readers without scripts.
  ///
  /// - Parameters:
  ///   - rows: The rows to show.
  ///   - count: Clips in all.
  init(first rows: [ClipRowView], of count: Int) {
    self.rows = rows
    shown = Self.words(0..<rows.count, of: count)
    pages = []
    hasPages = false
    scope = ""
  }

  /// How many parts a list has, at least one.
  static func count(of clips: Int) -> Int {
    max(1, (clips + CollectionPage.rowsOnAPage - 1) / CollectionPage.rowsOnAPage)
  }

  /// The clips of a part.
  static func range(of part: Int, of clips: Int) -> Range<Int> {
    let size = CollectionPage.rowsOnAPage
    return (part * size)..<min(clips, (part + 1) * size)
  }

  /// The file that holds a part.
  static func fileName(of part: Int, _ ending: String = "html") -> String {
    (part == 0 ? "index." : "clips-\(part + 1).") + ending
  }

  private static func words(_ range: Range<Int>, of count: Int) -> String {
    range.isEmpty
      ? "No clips."
      : "Showing \(range.lowerBound + 1) to \(range.upperBound) of \(DisplayText.count(count, "clip"))."
  }

  /// Links to the parts before and after, to those nearby, and to the first and last.
  private static func links(from part: Int, of count: Int) -> [PageLink] {
    let near = Set([0, count - 1] + (part - 2...part + 2)).filter((0..<count).contains).sorted()
    var links: [PageLink] = []
    if part > 0 { links.append(link("←", "Previous page", to: part - 1)) }
    for (place, other) in near.enumerated() {
      if place > 0, other > near[place - 1] + 1 {
        links.append(PageLink(label: "…", target: nil, isCurrent: false))
      }
      links.append(
        other == part
          ? PageLink(label: "\(other + 1)", target: nil, isCurrent: true)
          : link("\(other + 1)", nil, to: other))
    }
    if part < count - 1 { links.append(link("→", "Next page", to: part + 1)) }
    return links
  }

  private static func link(_ label: String, _ words: String?, to part: Int) -> PageLink {
    PageLink(label: label, words: words, target: fileName(of: part), isCurrent: false)
  }
}

/// A further page of the plain list.
struct ListPage: Encodable {
  let frame: PageFrame
  let name: String
  let clips: ClipListView
}

/// The page that lists the clips of all collections.
struct AllClipsPage: Encodable {
  struct Collection: Encodable {
    let name: String
    let address: String
    let clips: String
  }

  let frame: PageFrame
  let collections: [Collection]
  let clips: ClipListView
}
