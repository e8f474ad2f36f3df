import Foundation

/// Where a video file is, as text that any file name survives.
///
/// A Linux file name is bytes, not text: it may hold line breaks or invalid UTF-8. So locations
/// are stored and sent as `file://` URLs in which every unusual byte is percent-encoded.
package struct MediaLocation: Hashable, Sendable {
  /// The absolute path, as the bytes that the file system knows.
  package let path: [UInt8]

  /// Wraps an absolute path.
  package init(path: [UInt8]) { self.path = path }

  /// Reads the text form.
  ///
  /// - Parameter text: A `file://` URL as ``text`` writes it; the result is nil for any other text.
  package init?(text: String) {
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
    path = bytes
  }

  /// The location as a `file://` URL in ASCII.
  package var text: String {
    "file://"
      + path.map { byte in
        Self.plain.contains(byte)
          ? String(UnicodeScalar(byte)) : String(format: "%%%02X", Int(byte))
      }.joined()
  }

  /// The path for people and messages; control characters appear as `�`, bytes that are no text
  /// as `%FF`.
  package var shown: String {
    String(
      String.UnicodeScalarView(
        Self.text(of: path).unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
        }))
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

  /// The last component of the path without its extension, as bytes.
  package var stem: [UInt8] {
    let name = path.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? []
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return name }
    return Array(name[..<dot])
  }

  /// Whether the file is there and may be read.
  var isReadable: Bool { access(path.map(CChar.init(bitPattern:)) + [0], R_OK) == 0 }

  /// Opens the file and hands a path to it that is plain ASCII, whatever the file is called.
  ///
  /// Libraries that take a path as text could not open every name, and some read meaning into it
  /// (`concat:a|b`). `/proc/self/fd/N` names the open file and nothing else; it also goes on
  /// meaning the same file when the name is given to another one meanwhile.
  ///
  /// - Parameter body: Runs while the file is open.
  /// - Returns: What `body` returns.
  /// - Throws: ``WorkerError/unreadable(path:reason:)``, and what `body` throws.
  package func withOpenPath<Result>(_ body: (String) throws -> Result) throws -> Result {
    // Opening a pipe would wait for somebody who writes into it.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    let file = open(path.map(CChar.init(bitPattern:)) + [0], flags)
    guard file >= 0 else {
      throw WorkerError.unreadable(path: shown, reason: String(cString: strerror(errno)))
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw WorkerError.unreadable(path: shown, reason: "it is no regular file")
    }
    return try body("/proc/self/fd/\(file)")
  }

  /// Bytes that need no encoding in the path of a URL.
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./~".utf8)
}
