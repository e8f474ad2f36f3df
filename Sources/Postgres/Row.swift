public import struct Foundation.Date
public import struct Foundation.UUID

/// One row of a result, read by column name or position.
///
/// ```swift
/// let id = try row.decode("id", as: Int64.self)
/// let note: String? = try row.decodeIfPresent("note")
/// ```
public struct Row: Sendable {
  /// The columns' names, shared by all rows of a result.
  public let columns: [String]

  /// The values as the server wrote them; nil is null.
  public let values: [String?]

  /// Reads a value that must be there.
  ///
  /// - Parameters:
  ///   - column: The column's name.
  ///   - type: What to read it as.
  /// - Returns: The value.
  /// - Throws: ``PostgresError/missingColumn(_:)``, ``PostgresError/unexpectedNull(column:)`` or
  ///   ``PostgresError/unreadable(column:expected:found:)``.
  public func decode<Value: SQLDecodable>(
    _ column: String, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    guard let value: Value = try decodeIfPresent(column) else {
      throw .unexpectedNull(column: column)
    }
    return value
  }

  /// Reads a value that may be null.
  ///
  /// - Parameters:
  ///   - column: The column's name.
  ///   - type: What to read it as.
  /// - Returns: The value; nil for null.
  /// - Throws: ``PostgresError/missingColumn(_:)`` or
  ///   ``PostgresError/unreadable(column:expected:found:)``.
  public func decodeIfPresent<Value: SQLDecodable>(
    _ column: String, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value? {
    guard let index = columns.firstIndex(of: column) else { throw .missingColumn(column) }
    return try read(index)
  }

  /// Reads a value that must be there, by position.
  ///
  /// - Parameters:
  ///   - index: The position, from 0.
  ///   - type: What to read it as.
  /// - Returns: The value.
  /// - Throws: As ``decode(_:as:)-(String,_)``.
  public func decode<Value: SQLDecodable>(
    _ index: Int, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    guard columns.indices.contains(index) else { throw .missingColumn("\(index)") }
    guard let value: Value = try read(index) else {
      throw .unexpectedNull(column: columns[index])
    }
    return value
  }

  private func read<Value: SQLDecodable>(_ index: Int) throws(PostgresError) -> Value? {
    guard let text = values[index] else { return nil }
    guard let value = Value(sqlText: text) else {
      throw .unreadable(
        column: columns[index], expected: "\(Value.self)", found: String(text.prefix(40)))
    }
    return value
  }
}

/// A type that can be read from PostgreSQL's text form of a value.
public protocol SQLDecodable {
  /// Reads the text; nil when it is something else.
  init?(sqlText text: String)
}

extension String: SQLDecodable {
  /// Any value's text, also JSON.
  public init?(sqlText text: String) { self = text }
}

extension Int64: SQLDecodable {
  /// A whole number.
  public init?(sqlText text: String) { self.init(text) }
}

extension Int: SQLDecodable {
  /// A whole number.
  public init?(sqlText text: String) { self.init(text) }
}

extension Double: SQLDecodable {
  /// A number, infinity or NaN.
  public init?(sqlText text: String) { self.init(text) }
}

extension Bool: SQLDecodable {
  /// A truth value.
  public init?(sqlText text: String) {
    switch text {
    case "t": self = true
    case "f": self = false
    default: return nil
    }
  }
}

extension Date: SQLDecodable {
  /// A `timestamptz`; infinite times cannot be read.
  public init?(sqlText text: String) {
    guard let microseconds = Timestamp.microseconds(of: text) else { return nil }
    self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
  }
}

extension UUID: SQLDecodable {
  /// A `uuid`.
  public init?(sqlText text: String) { self.init(uuidString: text) }
}

extension [UInt8]: SQLDecodable {
  /// A `bytea` in hexadecimal form, which is the server's default.
  public init?(sqlText text: String) {
    let digits = text.utf8.dropFirst(2)
    guard text.hasPrefix("\\x"), digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
      guard let value = Character(UnicodeScalar(digit)).hexDigitValue.map(UInt8.init) else {
        return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    self = bytes
  }
}
