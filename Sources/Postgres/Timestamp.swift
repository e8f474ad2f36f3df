import struct Foundation.Date

/// PostgreSQL's text form of `timestamptz`, exact to the microsecond.
enum Timestamp {
  static func microseconds(of date: Date) -> Int64 {
    Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
  }

  /// `2026-11-24 08:04:32.123456+00`, whatever the session's settings are.
  static func text(microseconds: Int64) -> String {
    let (seconds, fraction) = floorDivide(microseconds, 1_000_000)
    let (days, ofDay) = floorDivide(seconds, 86_400)
    let (year, month, day) = civil(days: days)
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    let time = "\(padded(ofDay / 3600, 2)):\(padded(ofDay / 60 % 60, 2)):\(padded(ofDay % 60, 2))"
    return "\(date) \(time).\(padded(fraction, 6))+00"
  }

  /// Microseconds since 1970 of an ISO text with an optional offset, or nil.
  static func microseconds(of text: String) -> Int64? {
    let halves = text.split(whereSeparator: { $0 == " " || $0 == "T" })
    guard halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "-").map { Int64($0) }
    guard date.count == 3, let year = date[0], let month = date[1], let day = date[2],
      let time = timeOfDay(halves[1])
    else { return nil }
    return days(year: year, month: month, day: day) * 86_400_000_000 + time
  }

  private static func timeOfDay(_ text: Substring) -> Int64? {
    let clockEnd = text.firstIndex { $0 == "+" || $0 == "-" || $0 == "Z" } ?? text.endIndex
    let clock = text[..<clockEnd].split(separator: ":")
    guard clock.count == 3, let hours = Int64(clock[0]), let minutes = Int64(clock[1]) else {
      return nil
    }
    let parts = clock[2].split(separator: ".")
    guard let seconds = parts.first.flatMap({ Int64($0) }) else { return nil }
    var fraction: Int64 = 0
    if parts.count == 2 {
      let digits = parts[1].prefix(6)
      guard let value = Int64(digits) else { return nil }
      fraction = (digits.count..<6).reduce(value) { value, _ in value * 10 }
    }
    guard let offset = offset(text[clockEnd...]) else { return nil }
    return (hours * 3600 + minutes * 60 + seconds - offset) * 1_000_000 + fraction
  }

  private static func offset(_ text: Substring) -> Int64? {
    if text.isEmpty || text == "Z" { return 0 }
    let parts = text.dropFirst().split(separator: ":").map { Int64($0) }
    guard !parts.isEmpty, !parts.contains(nil) else { return nil }
    let seconds = zip(parts, [3600, 60, 1]).reduce(Int64(0)) { $0 + ($1.0 ?? 0) * $1.1 }
    return text.hasPrefix("-") ? -seconds : seconds
  }

  // Proleptic Gregorian calendar, counted from 1 March so that leap days come last.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let (era, ofEra) = floorDivide(y, 400)
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, day) = floorDivide(days + 719_468, 146_097)
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let shifted = (5 * ofYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shifted + 2) / 5 + 1
    )
  }

  private static func floorDivide(_ a: Int64, _ b: Int64) -> (Int64, Int64) {
    let quotient = a / b - (a % b < 0 ? 1 : 0)
    return (quotient, a - quotient * b)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
