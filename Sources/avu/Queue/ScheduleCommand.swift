public import ArgumentParser
import Foundation
public import Jobs
import JobsPostgres
import Workers

/// Jobs that are queued again and again.
struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Queue upkeep and sites again and again.",
    discussion: """
      Any worker queues what is due, by the database's clock, and each time is queued for once, \
      however many workers there are. Times are in UTC.

      EXAMPLES:
        avu queue schedule add nightly --cron "0 4 * * *" --older-than 90d
        avu queue schedule add site --every 1h --report everything
        avu queue schedule list
        avu queue schedule pause nightly
        avu queue schedule remove nightly
      """,
    subcommands: [Add.self, List.self, Pause.self, Resume.self, Remove.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: """
        Forget old jobs, or build a site, again and again; takes the place of a schedule of that name.
        """,
      discussion: """
        Does what avu queue prune does: done and cancelled jobs are forgotten, results stay. With \
        --report, what avu report queue does.

        EXAMPLES:
          avu queue schedule add nightly --cron "0 4 * * *" --older-than 90d
          avu queue schedule add hourly --every 1h
          avu queue schedule add site --every 1h --report everything
        """)

    @OptionGroup var schedule: ScheduleName

    @Option(help: ArgumentHelp("How often: 30m, 1h, 7d; the first time is now.", valueName: "time"))
    var every: TimeSpan?

    @Option(
      help: ArgumentHelp(
        "When, in UTC: minute, hour, day of the month, month, day of the week.",
        valueName: "fields"),
      transform: Self.cron)
    var cron: CronExpression?

    @Option(
      help: ArgumentHelp(
        "How long ago jobs have ended at least; otherwise as avu queue policy set --keep says.",
        valueName: "time"))
    var olderThan: TimeSpan?

    @Option(
      help: ArgumentHelp(
        "Have this site built by a worker with --sites, instead of forgetting jobs.",
        valueName: "name"))
    var report: String?

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "With --report: only this collection; may be repeated.", valueName: "name"))
    var collection: [String] = []

    @Option(
      help: ArgumentHelp(
        "What becomes of times when no worker was there: skip, once (one job for all), all.",
        valueName: "rule"))
    var missed = Schedule.Missed.once

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    private static func cron(_ text: String) throws -> CronExpression {
      do { return try CronExpression(text) } catch {
        throw ValidationError("--cron \(text.printable): \(error.reason).")
      }
    }

    private var pruning: NewJob {
      get throws {
        let payload = try JSONEncoder().encode(PruningPayload(olderThan: olderThan?.duration))
        return NewJob(
          kind: WorkKind.prune.rawValue, key: nil,
          payload: String(decoding: payload, as: UTF8.self), group: WorkKind.upkeepGroup)
      }
    }

    func validate() throws {
      guard (every == nil) != (cron == nil) else {
        throw ValidationError("Say when: either --every or --cron.")
      }
      if let every, every.duration < .seconds(1) {
        throw ValidationError("--every must be at least 1s.")
      }
      if let report { try SiteJob.check(report, "--report") }
      guard report == nil || olderThan == nil, report != nil || collection.isEmpty else {
        throw ValidationError("--older-than is for forgetting jobs, --collection for --report.")
      }
      if let olderThan, olderThan.duration < PostgresJobQueue.shortestKeep {
        throw ValidationError("--older-than must be at least 1h.")
      }
    }

    func run() async throws {
      guard let rhythm = cron.map(Schedule.Rhythm.cron) ?? every.map({ .every($0.duration) })
      else { return }
      let job =
        if let report { try SiteJob.job(report, collections: collection) } else { try pruning }
      let added = try await DatabaseSession.with(try Settings.load(), connections: 1) {
        try await $0.queue.schedule(schedule.name, rhythm, job, missed: missed)
      }
      if json {
        try Console.print(json: ScheduleDocument(added))
      } else {
        Console.print("\(schedule.name.printable) comes next at \(ScheduleDocument(added).next).")
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the schedules.",
      discussion: """
        EXAMPLES:
          avu queue schedule list --json
        """)

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let (schedules, problems) = try await DatabaseSession.with(
        try Settings.load(), connections: 1
      ) {
        let (readable, problems) = try await $0.queue.schedules()
        return (readable.map { ScheduleDocument($0) }, problems)
      }
      for problem in problems {
        Console.error(
          "avu: the schedule \(problem.schedule.printable) queues nothing: "
            + "\(problem.reason.printable)")
      }
      if json {
        try Console.print(json: schedules)
      } else if schedules.isEmpty, problems.isEmpty {
        Console.print("Nothing is scheduled; avu queue schedule add does it.")
      } else {
        Console.print(
          table: ["NAME", "KIND", "WHEN", "MISSED", "LAST", "NEXT"],
          rows: schedules.map {
            [
              $0.name.printable, $0.kind.printable, $0.when.printable, $0.missed, $0.last ?? "–",
              $0.paused ? "paused" : $0.next,
            ]
          })
      }
      if !problems.isEmpty { throw ExitStatus.partial.exitCode }
    }
  }

  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a schedule rest.",
      discussion: """
        EXAMPLES:
          avu queue schedule pause nightly
        """)

    @OptionGroup var schedule: ScheduleName

    func run() async throws {
      try await schedule.change("rests until avu queue schedule resume") {
        try await $0.pause(schedule: $1)
      }
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a schedule go on; what would have come meanwhile is left out.",
      discussion: """
        EXAMPLES:
          avu queue schedule resume nightly
        """)

    @OptionGroup var schedule: ScheduleName

    func run() async throws {
      try await schedule.change("goes on") { try await $0.resume(schedule: $1) }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget a schedule; jobs that it has queued stay.",
      discussion: """
        EXAMPLES:
          avu queue schedule remove nightly
        """)

    @OptionGroup var schedule: ScheduleName

    func run() async throws {
      try await schedule.change("is forgotten") { try await $0.unschedule($1) }
    }
  }
}

extension Schedule.Missed: ExpressibleByArgument {}

/// The argument that names a schedule.
struct ScheduleName: ParsableArguments {
  @Argument(help: ArgumentHelp("The schedule's name.", valueName: "name"))
  var name: String

  func validate() throws {
    guard (1...200).contains(name.utf8.count), !name.contains("\0") else {
      throw ValidationError("A schedule's name has 1 to 200 bytes.")
    }
  }

  /// Changes the schedule and says what was done.
  ///
  /// - Parameters:
  ///   - sentence: What is said behind the name.
  ///   - change: Changes it; false when there is none of that name.
  /// - Throws: A sentence when there is none of that name.
  func change(
    _ sentence: String, _ change: @Sendable (PostgresJobQueue, String) async throws -> Bool
  ) async throws {
    let isKnown = try await DatabaseSession.with(try Settings.load(), connections: 1) {
      try await change($0.queue, name)
    }
    guard isKnown else {
      throw CommandError.missing(
        what: "There is no schedule “\(name.printable)”",
        remedy: "avu queue schedule list shows those there are")
    }
    Console.print("\(name.printable) \(sentence).")
  }
}

/// A schedule for machines; times are in UTC.
private struct ScheduleDocument: Encodable {
  let name: String
  let kind: String
  let when: String
  let missed: String
  let paused: Bool
  let last: String?
  let next: String

  init(_ schedule: Schedule) {
    name = schedule.name
    kind = schedule.job.kind
    when =
      switch schedule.rhythm {
      case .every(let duration): "every \(TimeSpan(duration).text)"
      case .cron(let expression): expression.text
      }
    missed = schedule.missed.rawValue
    paused = schedule.isPaused
    last = schedule.lastAt?.formatted(.iso8601)
    next = schedule.nextAt.formatted(.iso8601)
  }
}
