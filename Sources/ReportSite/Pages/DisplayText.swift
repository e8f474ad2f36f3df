import Foundation

/// Figures, times and text the way pages show them, independent of the machine's language.
enum DisplayText {
  /// A figure with a fixed number of decimals; a dash for none.
  static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    return FixedDecimals.text(value, decimals) ?? String(format: "%.\(decimals)f", value)
  }

  /// A share as a percentage without decimals, except that something is never shown as nothing.
  static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    return share > 0 && share < 0.005 ? "<1 %" : fixed(share * 100, 0) + " %"
  }

  /// A place in a clip: minutes, seconds and tenths.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 600):\(FixedDecimals.padded(tenths / 10 % 60, 2)).\(tenths % 10)"
  }

  /// A length of time with a unit.
  static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite else { return "–" }
    let units: [(limit: Double, size: Double, name: String)] = [
      (90, 1, "s"), (5400, 60, "min"), (172_800, 3600, "h"),
    ]
    let unit = units.first { abs(seconds) < $0.limit } ?? (0, 86_400, "days")
    return "\(fixed(seconds / unit.size, 1)) \(unit.name)"
  }

  /// A round length of time: `10 min`, `1 h`.
  static func span(_ seconds: Double) -> String {
    let text = duration(seconds >= 3600 && seconds < 5400 ? nil : seconds)
    if text == "–" { return fixed(seconds / 3600, 0) + " h" }
    return text.replacing(".0 ", with: " ")
  }

  /// A difference with its sign; a true minus, so that signs are as wide as each other.
  static func signed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    let text = fixed(abs(value), decimals)
    let isZero = text.allSatisfy { "0.".contains($0) }
    return (isZero ? "±" : value < 0 ? "−" : "+") + text
  }

  /// `1 clip`, `2 clips`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// Text as the value of a parameter in an address.
  static func query(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, unit in
      let isPlain =
        (48...57).contains(unit) || (65...90).contains(unit) || (97...122).contains(unit)
        || unit == UInt8(ascii: "-") || unit == UInt8(ascii: "_")
      result += isPlain ? String(UnicodeScalar(unit)) : String(format: "%%%02X", unit)
    }
  }
  /// Text for HTML, in an element or a quoted attribute; escaped byte by byte, whatever people see
  /// as one character.
  static func escaped(_ text: String) -> String {
    var text = text
    let escaped = text.withUTF8 { units -> String? in
      guard units.contains(where: { entity(of: $0) != nil }) else { return nil }
      var escaped: [UInt8] = []
      escaped.reserveCapacity(units.count + 32)
      for unit in units {
        if let entity = entity(of: unit) {
          entity.withUTF8Buffer { escaped += $0 }
        } else {
          escaped.append(unit)
        }
      }
      return String(decoding: escaped, as: UTF8.self)
    }
    return escaped ?? text
  }

  private static func entity(of unit: UInt8) -> StaticString? {
    switch unit {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }
}

/// A moment of the calendar as pages show it.
struct MomentView: Encodable {
  let iso: String
  let text: String

  init(_ date: Date) {
    iso = date.ISO8601Format()
    text = iso.replacing("T", with: " ").replacing("Z", with: " UTC")
  }
}
