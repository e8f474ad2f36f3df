import ArgumentParser
import Foundation
import Jobs

/// A new value for a setting, or `none` to take it back.
struct Change<Value: ExpressibleByArgument & Sendable>: ExpressibleByArgument, Sendable {
  /// Nil takes the setting back.
  let value: Value?

  init?(argument: String) {
    if argument == "none" {
      value = nil
    } else if let value = Value(argument: argument) {
      self.value = value
    } else {
      return nil
    }
  }

  func apply<Setting>(to setting: inout Setting?, _ read: (Value) -> Setting) {
    setting = value.map(read)
  }
}

/// A number from 1 to 32767.
struct Count: ExpressibleByArgument {
  let number: Int

  init?(argument: String) {
    guard let number = Int(argument), (1...32767).contains(number) else { return nil }
    self.number = number
  }
}

/// A factor from 1 to 1000.
struct Factor: ExpressibleByArgument {
  let number: Double

  init?(argument: String) {
    guard let number = Double(argument), (1...1000).contains(number) else { return nil }
    self.number = number
  }
}

/// A part from 0 to 1.
struct Part: ExpressibleByArgument {
  let number: Double

  init?(argument: String) {
    guard let number = Double(argument), (0...1).contains(number) else { return nil }
    self.number = number
  }
}

/// So many in a time: `10/s`, `100/m`, `1000/h`, `5/10s`.
struct RateText: ExpressibleByArgument {
  let rate: JobLimit.Rate

  init(_ rate: JobLimit.Rate) { self.rate = rate }

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let starts = Int(parts[0]), (1...1_000_000).contains(starts) else {
      return nil
    }
    let time = parts[1].first?.isNumber ?? false ? String(parts[1]) : "1\(parts[1])"
    guard let every = TimeSpan(argument: time)?.duration, every > .zero else { return nil }
    rate = JobLimit.Rate(starts: starts, every: every)
  }

  /// What people type for this rate.
  var text: String {
    let time = TimeSpan(rate.every).text
    let isOne = time.first == "1" && time.count == 2
    return "\(rate.starts)/" + (isOne ? String(time.dropFirst()) : time)
  }
}

/// Limits and policies for people and machines.
struct PolicyDocument: Encodable {
  let limits: [Limit]
  let policies: [Policy]

  /// A limit; nil means all kinds or collections, or no limit.
  struct Limit: Encodable {
    let kind: String?
    let collection: String?
    let running: Int?
    let rate: String?
  }

  /// A kind's policy, times in seconds; nil means what holds otherwise.
  struct Policy: Encodable {
    let kind: String?
    let errors: Int?
    let deaths: Int?
    let interruptions: Int?
    let firstPause: Double?
    let growth: Double?
    let longestPause: Double?
    let jitter: Double?
    let timeLimit: Double?
    let keep: Double?

    private enum CodingKeys: String, CodingKey {
      case kind, errors, deaths, interruptions, growth, jitter, keep
      case firstPause = "first_pause"
      case longestPause = "longest_pause"
      case timeLimit = "time_limit"
    }
  }

  init(limits: [JobLimit], policies: [KindPolicy]) {
    self.limits = limits.map {
      Limit(
        kind: $0.scope.kind, collection: $0.scope.group, running: $0.maxRunning,
        rate: $0.rate.map { RateText($0).text })
    }
    self.policies = policies.map { policy in
      func seconds(_ duration: Duration?) -> Double? { duration.map { $0 / .seconds(1) } }
      return Policy(
        kind: policy.kind, errors: policy.maxErrors, deaths: policy.maxDeaths,
        interruptions: policy.maxInterruptions, firstPause: seconds(policy.firstPause),
        growth: policy.growth, longestPause: seconds(policy.longestPause), jitter: policy.jitter,
        timeLimit: seconds(policy.timeLimit), keep: seconds(policy.keep))
    }
  }

  /// Writes both as tables; what is not listed holds as the program has it.
  func print() {
    if limits.isEmpty {
      Console.print("Nothing is limited.")
    } else {
      Console.print(
        table: ["KIND", "COLLECTION", "RUNNING", "RATE"],
        rows: limits.map { limit in
          [
            limit.kind?.printable ?? "all", limit.collection?.printable ?? "all",
            limit.running.map { "\($0)" } ?? "–", limit.rate ?? "–",
          ]
        })
    }
    let usual = RetryPolicy()
    Console.print("")
    Console.print(
      table: [
        "KIND", "ERRORS", "DEATHS", "INTERRUPTIONS", "PAUSES", "JITTER", "TIME LIMIT", "KEEP",
      ],
      rows: policies.map { policy in
        func span(_ seconds: Double?) -> String {
          seconds.map { TimeSpan(.seconds($0)).text } ?? "–"
        }
        func number(_ value: (some CustomStringConvertible)?) -> String {
          value.map { "\($0)" } ?? "–"
        }
        let pauses = [
          span(policy.firstPause), "× " + number(policy.growth), "to " + span(policy.longestPause),
        ]
        return [
          policy.kind?.printable ?? "all", number(policy.errors), number(policy.deaths),
          number(policy.interruptions), pauses.joined(separator: " "), number(policy.jitter),
          span(policy.timeLimit), span(policy.keep),
        ]
      } + [
        [
          "(default)", "3", "\(usual.maxDeaths)", "\(usual.maxInterruptions)",
          "\(TimeSpan(usual.firstPause).text) × \(usual.growth) to "
            + TimeSpan(usual.longestPause).text,
          "\(usual.jitter)", "none", "for ever",
        ]
      ])
  }
}
