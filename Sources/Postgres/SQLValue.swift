public import struct Foundation.Date
public import struct Foundation.UUID

/// A parameter of a statement; null is `nil` in the list of parameters.
///
/// Values travel as text and the server infers their types from the statement, so write
/// `$1::jsonb` or `$1::text[]` where it cannot.
public enum SQLValue: Equatable, Sendable {
  /// Text, also for `json`, `jsonb`, `numeric`, `interval` and enum types.
  case text(String)

  /// A whole number.
  case int(Int64)

  /// A double; infinities and NaN are kept.
  case double(Double)

  /// A truth value.
  case bool(Bool)

  /// Bytes, for `bytea`.
  case bytes([UInt8])

  /// A moment with microseconds, for `timestamptz`.
  case date(Date)

  /// A UUID.
  case uuid(UUID)

  /// A list of texts, for `text[]`; elements may be null.
  case texts([String?])

  /// A list of whole numbers, for `bigint[]`.
  case ints([Int64])

  /// A list of UUIDs, for `uuid[]`.
  case uuids([UUID])

  /// Wraps any whole number that fits.
  ///
  /// - Parameter value: The number; it must fit in 64 bits.
  /// - Returns: The parameter.
  public static func integer(_ value: some FixedWidthInteger) -> SQLValue {
    .int(Int64(value))
  }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  /// Makes a text parameter.
  public init(stringLiteral value: String) { self = .text(value) }

  /// Makes a whole-number parameter.
  public init(integerLiteral value: Int64) { self = .int(value) }

  /// Makes a double parameter.
  public init(floatLiteral value: Double) { self = .double(value) }

  /// Makes a truth-value parameter.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension SQLValue {
  /// The text that PostgreSQL reads as this value.
  var wireText: String {
    switch self {
    case .text(let text): text
    case .int(let number): String(number)
    case .double(let number): Self.text(of: number)
    case .bool(let truth): truth ? "t" : "f"
    case .bytes(let bytes): Self.hex(bytes)
    case .date(let date): Timestamp.text(microseconds: Timestamp.microseconds(of: date))
    case .uuid(let uuid): uuid.uuidString
    case .texts(let list): Self.array(list)
    case .ints(let list): "{" + list.map(String.init).joined(separator: ",") + "}"
    case .uuids(let list): "{" + list.map(\.uuidString).joined(separator: ",") + "}"
    }
  }

  private static func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return String(number)
  }

  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = Array("\\x".utf8)
    text.reserveCapacity(2 + 2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func array(_ list: [String?]) -> String {
    let elements = list.map { element -> String in
      guard let element else { return "NULL" }
      var quoted = "\""
      for scalar in element.unicodeScalars {
        if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
        quoted.unicodeScalars.append(scalar)
      }
      return quoted + "\""
    }
    return "{" + elements.joined(separator: ",") + "}"
  }
}
