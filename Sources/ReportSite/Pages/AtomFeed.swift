import Foundation

/// A feed of the Atom Syndication Format (RFC 4287), for feed readers and chat robots.
struct AtomFeed {
  /// Something that happened.
  struct Entry {
    /// What tells it from all others, for good.
    let id: String
    let title: String
    let updated: Date
    /// From the site's folder.
    let address: String
    let summary: String
  }

  let id: String
  let title: String
  let author: String
  /// The feed's own file, and the page that shows the same, from the site's folder.
  let file: String
  let page: String
  let updated: Date

  /// The feed as XML.
  func document(_ entries: [Entry]) -> [UInt8] {
    let lines =
      [
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "<title>\(Self.text(title))</title>",
        "<id>tag:avu,2026:\(Self.text(id))</id>", "<updated>\(updated.ISO8601Format())</updated>",
        "<author><name>\(Self.text(author))</name></author>",
        "<link rel=\"self\" href=\"\(file)\"/>",
        "<link rel=\"alternate\" type=\"text/html\" href=\"\(page)\"/>",
      ] + entries.map(Self.element) + ["</feed>\n"]
    return Array(lines.joined(separator: "\n").utf8)
  }

  private static func element(_ entry: Entry) -> String {
    """
    <entry>
    <title>\(text(entry.title))</title>
    <id>tag:avu,2026:\(text(entry.id))</id>
    <updated>\(entry.updated.ISO8601Format())</updated>
    <link href="\(text(entry.address))"/>
    <summary>\(text(entry.summary))</summary>
    </entry>
    """
  }

  /// Text for XML: control characters, which it must not hold in any form, become spaces.
  private static func text(_ text: String) -> String {
    var allowed = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isAllowed =
        scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        || scalar == "\t" || scalar == "\n"
      allowed.append(isAllowed ? scalar : " ")
    }
    return DisplayText.escaped(String(allowed))
  }
}
