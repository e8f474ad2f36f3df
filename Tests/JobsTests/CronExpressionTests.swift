import Foundation
import Jobs
import Testing

/// Times as cron has them.
@Suite struct CronExpressionTests {
  private func date(_ text: String) throws -> Date {
    try Date(text.replacing(" ", with: "T") + ":00Z", strategy: .iso8601)
  }

  /// What comes after a moment, by crontab(5).
  @Test(arguments: [
    ("* * * * *", "2026-11-25 10:00", "2026-11-25 10:01"),
    ("*/15 * * * *", "2026-11-25 10:00", "2026-11-25 10:15"),
    ("*/15 * * * *", "2026-11-25 10:59", "2026-11-25 11:00"),
    ("5-20/5 3 * * *", "2026-11-25 03:10", "2026-11-25 03:15"),
    ("0 4 * * *", "2026-11-25 04:00", "2026-11-26 04:00"),
    ("30 4 1,15 * *", "2026-11-15 04:30", "2026-12-01 04:30"),
    ("0 0 31 * *", "2026-01-31 00:00", "2026-03-31 00:00"),
    ("0 0 29 2 *", "2026-11-25 10:00", "2028-02-29 00:00"),
    ("0 0 29 feb *", "2096-03-01 00:00", "2104-02-29 00:00"),
    ("0 9 * * mon-fri", "2026-11-27 09:00", "2026-11-30 09:00"),
    ("0 9 * * 7", "2026-11-25 00:00", "2026-11-29 09:00"),
    ("0 9 * * 0", "2026-11-25 00:00", "2026-11-29 09:00"),
    // Both days are restricted: either will do; this is the 13th, and every Friday.
    ("0 0 13 * fri", "2026-11-25 00:00", "2026-11-27 00:00"),
    ("0 0 13 * fri", "2026-12-11 00:00", "2026-12-13 00:00"),
    // A star with a step restricts nothing for this purpose.
    ("0 0 */2 * mon", "2026-11-25 00:00", "2026-12-07 00:00"),
    ("59 23 31 dec *", "2026-12-31 23:59", "2027-12-31 23:59"),
    ("@hourly", "2026-11-25 10:30", "2026-11-25 11:00"),
    ("@weekly", "2026-11-25 10:30", "2026-11-29 00:00"),
    ("@yearly", "2026-11-25 10:30", "2027-01-01 00:00"),
  ])
  func `The next time`(text: String, after: String, expected: String) throws {
    #expect(try CronExpression(text).next(after: date(after)) == date(expected))
  }

  @Test func `A second before the minute is enough`() throws {
    let moment = try date("2026-11-25 10:00")
    #expect(try CronExpression("0 10 * * *").next(after: moment - 1) == moment)
  }

  @Test(arguments: [
    "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
    "* * * * 8", "5-3 * * * *", "*/0 * * * *", "5/2 * * * *", "1,,2 * * * *", "-1 * * * *",
    "x * * * *", "* * * janus *", "*/99 * * * *", "１ * * * *", "@never", "0 0 30 2 *",
    "0 0 31 apr,jun *",
  ])
  func `What is none is refused`(text: String) {
    #expect(throws: CronProblem.self) { try CronExpression(text) }
  }
}
