import Foundation

/// What a browser asks for: the first line of an HTTP request and the headers that matter here.
struct SiteRequest {
  /// Which bytes of a file are wanted.
  enum Range: Equatable {
    /// From a place to another, both included; to the end without the second.
    case from(Int, to: Int?)

    /// So many at the end.
    case last(Int)
  }

  /// `GET`, `HEAD`, or something else that is not answered.
  let method: String

  /// The path's parts, decoded; safe to append to a folder. Nil when the path is no such thing.
  let path: [String]?

  /// Whether the path ends with a slash.
  let namesFolder: Bool

  /// The `Host` header without its port.
  let host: String?

  /// The `Range` header, if it asks for one stretch of bytes.
  let range: Range?

  /// Reads a request; gives nil when it is no HTTP/1 request.
  ///
  /// - Parameter head: Everything before the empty line.
  init?(head: String) {
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/") else {
      return nil
    }
    method = String(words[0])
    let target = words[1].prefix { $0 != "?" && $0 != "#" }
    path = Self.parts(of: target)
    namesFolder = target.hasSuffix("/")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers[line[..<colon].lowercased()] = value
    }
    host = headers["host"].map(Self.withoutPort)
    range = headers["range"].flatMap(Self.range)
  }

  /// The decoded parts of a path; nil when one would lead out of the folder or is hidden.
  private static func parts(of target: Substring) -> [String]? {
    var parts: [String] = []
    for part in target.split(separator: "/") {
      guard let text = String(part).removingPercentEncoding, !text.hasPrefix("."),
        !text.contains("/"), !text.unicodeScalars.contains("\0")
      else { return nil }
      parts.append(text)
    }
    return parts
  }

  private static func withoutPort(_ host: String) -> String {
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
    return String(host.prefix { $0 != ":" })
  }

  /// `bytes=a-b`, `bytes=a-` or `bytes=-n`; nil for anything else, which is then ignored.
  private static func range(_ text: String) -> Range? {
    guard text.hasPrefix("bytes=") else { return nil }
    let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends.joined().allSatisfy({ ("0"..."9").contains($0) }) else {
      return nil
    }
    let numbers = ends.map { Int($0) }
    switch (numbers[0], numbers[1]) {
    case (let first?, let last?) where first <= last: return .from(first, to: last)
    case (let first?, nil) where ends[1].isEmpty: return .from(first, to: nil)
    case (nil, let count?) where ends[0].isEmpty && count > 0: return .last(count)
    default: return nil
    }
  }
}
