import Foundation

/// Finds where the parts of a JSON document are, without building anything of it.
///
/// Strings are checked, numbers and words are taken as they come.
package struct JSONScanner {
  /// The document is no JSON, or not of the form that was asked for.
  package struct Malformed: Error {
    package init() {}
  }

  /// Where the scanner is.
  package private(set) var position: Int

  private let bytes: UnsafeRawBufferPointer

  /// How deep values may lie in each other.
  private static let deepest = 256

  /// - Parameters:
  ///   - bytes: The document in UTF-8; it must outlive the scanner.
  ///   - position: Where to begin.
  package init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
    if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
  }

  /// The next byte that is no space; nil at the end.
  package mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Goes through the members of an object.
  ///
  /// - Parameter value: Gets each name and must move the scanner behind the value.
  /// - Throws: ``Malformed``, and what `value` throws.
  package mutating func members(
    _ value: (inout JSONScanner, _ name: String) throws -> Void
  ) throws {
    try list(from: UInt8(ascii: "{"), to: UInt8(ascii: "}")) { scanner in
      let name = try scanner.string()
      try scanner.take(UInt8(ascii: ":"))
      try value(&scanner, name)
    }
  }

  /// Goes through the elements of an array.
  ///
  /// - Parameter element: Must move the scanner behind the element.
  /// - Throws: ``Malformed``, and what `element` throws.
  package mutating func elements(_ element: (inout JSONScanner) throws -> Void) throws {
    try list(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), element)
  }

  private mutating func list(
    from open: UInt8, to close: UInt8, _ entry: (inout JSONScanner) throws -> Void
  ) throws {
    try take(open)
    if peek() == close { return position += 1 }
    while true {
      try entry(&self)
      if peek() == close { return position += 1 }
      try take(UInt8(ascii: ","))
    }
  }

  private mutating func take(_ byte: UInt8) throws {
    guard peek() == byte else { throw Malformed() }
    position += 1
  }

  /// Reads a string.
  package mutating func string() throws -> String {
    guard peek() == UInt8(ascii: "\"") else { throw Malformed() }
    let start = position
    var isPlain = true
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      if byte < 0x20 { throw Malformed() }
      if byte == UInt8(ascii: "\\") { isPlain = false }
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.count else { throw Malformed() }
    position += 1
    let text = bytes[start..<position]
    if isPlain {
      guard let string = String(validating: text.dropFirst().dropLast(), as: UTF8.self) else {
        throw Malformed()
      }
      return string
    }
    return try JSONDecoder().decode(String.self, from: Data(text))
  }

  /// Reads a number.
  package mutating func number() throws -> Double {
    _ = peek()
    let start = position
    while position < bytes.count, Self.isNumberByte(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw Malformed() }
    return value
  }

  /// Reads `true` or `false`.
  package mutating func bool() throws -> Bool {
    if word("true") { return true }
    if word("false") { return false }
    throw Malformed()
  }

  /// Reads a value that may be `null`.
  ///
  /// - Parameter value: Reads one that is not.
  /// - Returns: The value; nil for `null`.
  /// - Throws: What `value` throws.
  package mutating func optional<Value>(
    _ value: (inout JSONScanner) throws -> Value
  ) throws -> Value? {
    word("null") ? nil : try value(&self)
  }

  /// Moves behind a word, if it stands here.
  private mutating func word(_ word: StaticString) -> Bool {
    _ = peek()
    let end = position + word.utf8CodeUnitCount
    let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard end <= bytes.count, bytes[position..<end].elementsEqual(wanted) else { return false }
    position = end
    return true
  }

  /// Moves behind any value.
  package mutating func skip(depth: Int = 0) throws {
    if depth == Self.deepest { throw Malformed() }
    switch peek() {
    case UInt8(ascii: "{"): try members { scanner, _ in try scanner.skip(depth: depth + 1) }
    case UInt8(ascii: "["): try elements { try $0.skip(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    default:
      let start = position
      while position < bytes.count, Self.isWordByte(bytes[position]) { position += 1 }
      if position == start { throw Malformed() }
    }
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "e"), UInt8(ascii: "E"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// Whether a byte may stand in a number, or in `true`, `false` and `null`.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
