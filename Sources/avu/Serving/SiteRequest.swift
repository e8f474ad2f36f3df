import FlyingFox
import Foundation

/// What a browser asks of a site's folder.
struct SiteRequest {
  /// Which bytes of a file are wanted.
  enum Range: Equatable {
    /// From a place to another, both included; to the end without the second.
    case from(Int, to: Int?)

    /// So many at the end.
    case last(Int)

    /// The bytes of a file of a size, both ends cut to it; empty when there are none.
    func bytes(of size: Int) -> Swift.Range<Int> {
      switch self {
      case .last(let count): return max(0, size - count)..<size
      case .from(let first, let last):
        let start = min(first, size)
        return start..<max(start, min(last ?? .max, size - 1) + 1)
      }
    }
  }

  /// The path's parts, decoded; safe to append to a folder. Nil when the path is no such thing.
  let path: [String]?

  /// Whether the path ends with a slash.
  let namesFolder: Bool

  /// The `Host` header without its port.
  let host: String?

  /// The `Range` header, if it asks for one stretch of bytes.
  let range: Range?

  /// Reads a request.
  init(_ request: HTTPRequest) {
    let target = request.target.path()
    path = target.hasPrefix("/") ? Self.parts(of: target) : nil
    namesFolder = target.hasSuffix("/")
    host = request.headers[.host].map(Self.withoutPort)
    range = request.headers[.range].flatMap(Self.range)
  }

  /// The decoded parts of a path; nil when one would lead out of the folder or is hidden.
  private static func parts(of target: String) -> [String]? {
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
    // A number beyond all files is one all the same.
    let numbers = ends.map { $0.isEmpty ? nil : Int($0) ?? .max }
    switch (numbers[0], numbers[1]) {
    case (let first?, let last?) where first <= last: return .from(first, to: last)
    case (let first?, nil): return .from(first, to: nil)
    case (nil, let count?): return .last(count)
    default: return nil
    }
  }
}
