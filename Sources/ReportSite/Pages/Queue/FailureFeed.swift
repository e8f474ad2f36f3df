import Foundation

/// The failures of the queue as an Atom feed (RFC 4287), for feed readers and chat robots.
enum FailureFeed {
  static let file = "failures.atom"
  private static let entries = 50

  /// The feed.
  ///
  /// - Parameter snapshot: The site's snapshot; its time is the feed's when there is no failure.
  /// - Returns: XML.
  static func document(_ snapshot: SiteSnapshot) -> [UInt8] {
    let failures = (snapshot.queue?.failures ?? []).prefix(entries)
    let updated = failures.compactMap(\.at).max() ?? snapshot.generatedAt
    let title = DisplayText.escaped("\(snapshot.title): failures")
    var lines = [
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
      "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "<title>\(title)</title>",
      "<id>tag:avu,2026:failures</id>", "<updated>\(updated.ISO8601Format())</updated>",
      "<author><name>\(DisplayText.escaped(snapshot.softwareVersion))</name></author>",
      "<link rel=\"self\" href=\"\(file)\"/>",
      "<link rel=\"alternate\" type=\"text/html\" href=\"queue.html\"/>",
    ]
    lines += failures.map { entry($0, fallback: snapshot.generatedAt) }
    lines.append("</feed>\n")
    return Array(lines.joined(separator: "\n").utf8)
  }

  private static func entry(_ failure: QueueSnapshot.Failure, fallback: Date) -> String {
    let job = text(failure.job)
    return """
      <entry>
      <title>\(text("\(failure.work) failed in \(failure.collection): \(failure.kind)"))</title>
      <id>tag:avu,2026:job/\(job)/\(failure.attempts)</id>
      <updated>\((failure.at ?? fallback).ISO8601Format())</updated>
      <link href="queue.html#job-\(job)"/>
      <summary>\(text(failure.reason))</summary>
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
