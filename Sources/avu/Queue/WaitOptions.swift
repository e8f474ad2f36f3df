import ArgumentParser
import Foundation
import JobsPostgres

/// A length of time as people type it: `90s`, `15m`, `2h`, `30d`.
struct TimeSpan: ExpressibleByArgument {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    guard let match = argument.wholeMatch(of: /([0-9]+(?:\.[0-9]+)?)(s|m|h|d)/),
      let number = Double(match.1), let unit = Self.seconds[String(match.2)],
      number * unit < 1e10
    else { return nil }
    duration = .seconds(number * unit)
  }

  private static let seconds: [String: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

  /// What people type for this length.
  var text: String {
    let whole = duration / .seconds(1)
    for (unit, seconds) in [("d", 86_400.0), ("h", 3600), ("m", 60)]
    where whole >= seconds && whole.truncatingRemainder(dividingBy: seconds) == 0 {
      return "\(Int(whole / seconds))\(unit)"
    }
    return whole == whole.rounded() ? "\(Int(whole))s" : "\(whole)s"
  }
}

/// Options that say when jobs may start.
struct WaitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Start nothing before so much time has passed: 90s, 15m, 2h, 7d.", valueName: "time"))
  var delay: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "Start nothing before this moment, by the database's clock: 2026-12-01T22:00:00Z.",
      valueName: "moment"),
    transform: Self.moment)
  var notBefore: Date?

  func validate() throws {
    if delay != nil && notBefore != nil {
      throw ValidationError("--delay and --not-before exclude each other.")
    }
  }

  /// How long that is from now on; zero for a moment that has passed.
  ///
  /// - Throws: `PostgresError`.
  func duration(_ queue: PostgresJobQueue) async throws -> Duration {
    if let notBefore { return try await queue.delay(until: notBefore) }
    return delay?.duration ?? .zero
  }

  private static func moment(_ text: String) throws -> Date {
    let minutes = text.replacing(/T([0-9]{2}:[0-9]{2})(Z|[+-].*)$/) { "T\($0.1):00\($0.2)" }
    guard let moment = try? Date(minutes, strategy: .iso8601) else {
      throw ValidationError(
        "“\(text.printable)” is no moment; write it with its time zone, as 2026-12-01T22:00:00Z.")
    }
    return moment
  }
}
