import Foundation
package import Media

/// Where a video file is, as text that any file name survives.
///
/// A Linux file name is bytes, not text: it may hold line breaks or invalid UTF-8. So files are
/// stored and sent as `file://` URLs in which every unusual byte is percent-encoded; files on the
/// web under their address.
package enum MediaLocation: Hashable, Sendable {
  /// A file that this machine can open: its absolute path, as the bytes that the file system knows.
  case file(path: [UInt8])

  /// A file on the web.
  case web(WebAddress)

  /// Wraps an absolute path.
  package init(path: [UInt8]) { self = .file(path: path) }

  /// Reads the text form.
  ///
  /// - Parameter text: An `http(s)://` address, or a `file://` URL as ``text`` writes it; the
  ///   result is nil for any other text.
  package init?(text: String) {
    if let address = WebAddress(text) {
      self = .web(address)
      return
    }
    guard text.hasPrefix("file:///") else { return nil }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[7...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), value != 0 else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    self = .file(path: bytes)
  }

  /// The location as a URL in ASCII.
  package var text: String {
    switch self {
    case .web(let address): address.text
    case .file(let path):
      "file://"
        + path.map { byte in
          Self.plain.contains(byte)
            ? String(UnicodeScalar(byte)) : String(format: "%%%02X", Int(byte))
        }.joined()
    }
  }

  /// The path or address for people and messages; control characters appear as `�`, bytes that
  /// are no text as `%FF`; what may be a secret in an address is left out.
  package var shown: String {
    switch self {
    case .web(let address): address.shown
    case .file(let path):
      String(
        String.UnicodeScalarView(
          Self.text(of: path).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
          }))
    }
  }

  /// The path on this machine; nil for a file on the web.
  package var path: [UInt8]? {
    if case .file(let path) = self { return path }
    return nil
  }

  /// A name as text in which different names stay different: bytes that are no text are written
  /// as `%FF`.
  static func text(of name: [UInt8]) -> String {
    if let text = String(validating: name, as: UTF8.self) { return text }
    var text = ""
    var rest = name[...]
    while let byte = rest.first {
      let character = (1...4).lazy.compactMap { length in
        String(validating: rest.prefix(length), as: UTF8.self)
      }.first
      text += character ?? String(format: "%%%02X", Int(byte))
      rest = rest.dropFirst(character?.utf8.count ?? 1)
    }
    return text
  }

  /// The parts of the path, as bytes; the last one is the file's name.
  package var components: [[UInt8]] {
    switch self {
    case .file(let path): path.split(separator: UInt8(ascii: "/")).map(Array.init)
    case .web(let address): address.pathComponents.map { Array($0.utf8) }
    }
  }

  /// The last part of the path without its extension, as bytes.
  package var stem: [UInt8] {
    let name = components.last ?? []
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return name }
    return Array(name[..<dot])
  }

  /// Bytes that need no encoding in the path of a URL.
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./~".utf8)
}
