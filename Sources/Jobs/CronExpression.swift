public import Foundation

/// Times in UTC as cron has them: minute, hour, day of the month, month and day of the week.
///
/// Each field is `*`, a number, a range `1-5`, a list `1,3`, and any of these but numbers with a step `*/15`.
/// Months and weekdays may be named (`jan`, `mon`); Sunday is 0 or 7. When both days are restricted,
/// either is enough, as in crontab(5). `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly` stand for
/// the obvious.
public struct CronExpression: Hashable, Sendable {
  /// The five fields, or the name, as given.
  public let text: String

  private let minutes: [Int]
  private let hours: [Int]
  private let monthDays: Set<Int>
  private let months: Set<Int>
  private let weekdays: Set<Int>

  /// Whether a day must match both fields, for one of them says nothing.
  private let needsBothDays: Bool

  private static let names = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
  ]
  private static let monthNames = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  /// Reads an expression.
  ///
  /// - Parameter text: Five fields, or a name.
  /// - Throws: ``CronProblem``, also when there is no such time ever.
  public init(_ text: String) throws(CronProblem) {
    let fields = (Self.names[text.lowercased()] ?? text).split(whereSeparator: \.isWhitespace)
    guard fields.count == 5 else { throw CronProblem(text: text, reason: "it has not five fields") }
    self.text = text
    func values(
      _ place: Int, _ range: ClosedRange<Int>, _ names: [String] = []
    ) throws(CronProblem) -> Set<Int> {
      guard let values = Self.values(of: fields[place].lowercased(), in: range, names) else {
        throw CronProblem(
          text: text,
          reason: "“\(fields[place])” is no list of numbers from \(range.lowerBound) to "
            + "\(range.upperBound)")
      }
      return values
    }
    minutes = try values(0, 0...59).sorted()
    hours = try values(1, 0...23).sorted()
    monthDays = try values(2, 1...31)
    months = try values(3, 1...12, Self.monthNames)
    weekdays = Set(try values(4, 0...7, Self.weekdayNames).map { $0 % 7 })
    needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
    guard next(after: Date(timeIntervalSince1970: 0)) != nil else {
      throw CronProblem(text: text, reason: "there is no such day")
    }
  }

  /// The first time after a moment; nil when there is none.
  public func next(after moment: Date) -> Date? {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    var day = calendar.startOfDay(for: moment)
    // A 29th of February is at most eight years away.
    for _ in 0..<(8 * 366 + 1) {
      let parts = calendar.dateComponents([.day, .month, .weekday], from: day)
      if let number = parts.day, let month = parts.month, let weekday = parts.weekday,
        contains(day: number, month: month, weekday: weekday - 1)
      {
        for hour in hours {
          for minute in minutes {
            let time = day + Double(hour * 3600 + minute * 60)
            if time > moment { return time }
          }
        }
      }
      // Days of UTC have all the same length.
      day += 86_400
    }
    return nil
  }

  private func contains(day: Int, month: Int, weekday: Int) -> Bool {
    guard months.contains(month) else { return false }
    let (isDay, isWeekday) = (monthDays.contains(day), weekdays.contains(weekday))
    return needsBothDays ? isDay && isWeekday : isDay || isWeekday
  }

  /// The values of a field; nil when it cannot be read.
  private static func values(
    of field: String, in range: ClosedRange<Int>, _ names: [String]
  ) -> Set<Int>? {
    func number(_ text: Substring) -> Int? {
      if let place = names.firstIndex(of: String(text)) { return place + range.lowerBound }
      guard text.allSatisfy(\.isASCII), text.allSatisfy(\.isNumber), let number = Int(text),
        range.contains(number)
      else { return nil }
      return number
    }
    var values: Set<Int> = []
    for item in field.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      let step = parts.count == 2 ? Int(parts[1]) ?? 0 : 1
      let (first, last): (Int, Int)
      if parts[0] == "*" {
        (first, last) = (range.lowerBound, range.upperBound)
      } else if let only = number(ends[0]), ends.count == 1, parts.count == 1 {
        (first, last) = (only, only)
      } else if ends.count == 2, let low = number(ends[0]), let high = number(ends[1]), low <= high
      {
        (first, last) = (low, high)
      } else {
        return nil
      }
      guard (1...range.upperBound).contains(step) else { return nil }
      values.formUnion(stride(from: first, through: last, by: step))
    }
    return values
  }
}

/// Why a text is no cron expression.
public struct CronProblem: Error, Hashable, Sendable {
  /// The text.
  public let text: String

  /// What is wrong with it.
  public let reason: String
}

extension CronProblem: CustomStringConvertible {
  /// One sentence that says what to do.
  public var description: String {
    "“\(text)” is no cron expression: \(reason); write minute, hour, day, month and weekday, as in "
      + "“30 4 * * mon-fri”."
  }
}
