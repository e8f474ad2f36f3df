import Foundation

/// JSON that is the same for the same values, on every machine.
enum JSONText {
  /// A document for people and programs: sorted keys, indented, ISO 8601 times.
  static func document(_ value: some Encodable) throws -> Data {
    var data = try encoder([.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]).encode(value)
    data.append(UInt8(ascii: "\n"))
    return data
  }

  /// A document for a `<script type="application/json">` block: no character in it can end the
  /// block, and none is a line break for a script.
  static func block(_ value: some Encodable) throws -> String {
    let text = String(
      decoding: try encoder([.sortedKeys, .withoutEscapingSlashes]).encode(value), as: UTF8.self)
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        let hex = String(scalar.value, radix: 16)
        let escape = "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        result.append(contentsOf: escape.unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }
}
