public import ArgumentParser
import Foundation
public import Jobs
import JobsPostgres

/// Looks at single jobs and steers them.
struct JobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "List jobs, look at one, try again, call off, reorder.",
    discussion: """
      EXAMPLES:
        avu jobs list --state failed
        avu jobs show 4711
        avu jobs retry --state failed --all
        avu jobs cancel 4711
        avu jobs prioritize --priority 10 --collection holiday --all
      """,
    subcommands: [
      ListJobs.self, ShowJob.self, RetryJobs.self, CancelJobs.self, PrioritizeJobs.self,
      SnoozeJobs.self,
    ])

  struct ListJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List jobs in the order they were queued.",
      discussion: """
        EXAMPLES:
          avu jobs list --state failed --state quarantined
          avu jobs list --collection holiday --page 2
        """)

    @OptionGroup var selection: JobSelection

    @Option(help: ArgumentHelp("Jobs on a page.", valueName: "n"))
    var limit = 50

    @Option(help: ArgumentHelp("Which page, from 1.", valueName: "n"))
    var page = 1

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func validate() throws {
      guard (1...100_000).contains(limit), (1...1_000_000).contains(page) else {
        throw ValidationError("--limit must be from 1 to 100000, --page from 1 to 1000000.")
      }
    }

    func run() async throws {
      let listed = try await DatabaseSession.with(try Settings.load()) { session in
        try await session.queue.list(selection.filter, limit: limit, offset: (page - 1) * limit)
      }
      if json {
        try Console.print(
          json: JobListDocument(total: listed.total, jobs: listed.jobs.map { JobDocument($0) }))
      } else {
        JobText.print(listed, isFirst: page == 1)
      }
    }
  }

  struct ShowJob: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a job with all its attempts.",
      discussion: """
        EXAMPLES:
          avu jobs show 4711
        """)

    @Argument(help: ArgumentHelp("The job's number.", valueName: "id"))
    var id: Int64

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let details = try await DatabaseSession.with(try Settings.load()) { session in
        try await session.queue.show(id)
      }
      guard let details else {
        throw CommandError.missing(
          what: "There is no job \(id)", remedy: "avu jobs list shows those there are")
      }
      if json {
        try Console.print(json: JobDocument(details.job, attempts: details.attempts))
      } else {
        JobText.print(details)
      }
    }
  }

  struct RetryJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "retry", abstract: "Queue ended jobs once more, with a clean record.",
      discussion: """
        With --all: what failed, was quarantined or cancelled. --state done runs done ones \
        once more: clips are scored anew, but a prediction is never replaced; the first one stays.

        EXAMPLES:
          avu jobs retry 4711 4712
          avu jobs retry --collection holiday --state failed --all
        """)

    @OptionGroup var target: JobTarget

    func run() async throws {
      try await target.apply(
        to: [.failed, .quarantined, .cancelled], named: Set(JobState.allCases.filter(\.isFinal)),
        { "\($0) \($0 == 1 ? "job waits" : "jobs wait") again." }, refusal: "it has not ended"
      ) { try await $0.retry($1) }
    }
  }

  struct CancelJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cancel", abstract: "Call off waiting and running jobs.",
      discussion: """
        Running ones are stopped within two seconds, and nothing of them is kept.

        EXAMPLES:
          avu jobs cancel 4711
          avu jobs cancel --collection holiday --all
        """)

    @OptionGroup var target: JobTarget

    func run() async throws {
      try await target.apply(
        to: [.waiting, .running],
        { "\($0) \($0 == 1 ? "job is" : "jobs are") called off." }, refusal: "it has ended"
      ) { try await $0.cancel($1) }
    }
  }
}

/// Options that say which jobs are meant.
struct JobSelection: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only jobs in this state; may be repeated.", valueName: "state"))
  var state: [JobState] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Only jobs that were queued for this collection.", valueName: "name"))
  var collection: String?

  @OptionGroup var kind: KindOption

  var isEmpty: Bool { state.isEmpty && collection == nil && kind.kind == nil }

  var filter: JobFilter {
    JobFilter(states: state.isEmpty ? nil : Set(state), group: collection, kind: kind.kind)
  }
}

extension JobState: ExpressibleByArgument {}

/// Jobs to do something to: by number, or all that match.
struct JobTarget: ParsableArguments {
  @Argument(help: ArgumentHelp("The jobs' numbers.", valueName: "id"))
  var ids: [Int64] = []

  @OptionGroup var selection: JobSelection

  @Flag(help: "All jobs that match the options.")
  var all = false

  @Flag(help: "Print a JSON document instead of text.")
  var json = false

  func validate() throws {
    if ids.isEmpty != all {
      throw ValidationError("Name jobs by their numbers, or say --all for all that match.")
    }
    if !ids.isEmpty && !selection.isEmpty {
      throw ValidationError("--state, --collection and --kind go with --all, not with numbers.")
    }
  }

  /// Changes the jobs and says what was done.
  ///
  /// - Parameters:
  ///   - states: The states that `--all` means when no state is named.
  ///   - allowed: The states in which a job that is named can be changed; the same unless given.
  ///   - sentence: Says how many jobs were changed.
  ///   - refusal: Why a job that was named cannot be changed.
  ///   - change: Changes what matches, and returns how many that were.
  /// - Throws: An exit status when jobs that were named could not be changed.
  func apply(
    to states: Set<JobState>, named allowed: Set<JobState>? = nil,
    _ sentence: (Int) -> String, refusal: String,
    _ change: @Sendable (PostgresJobQueue, JobFilter) async throws -> Int
  ) async throws {
    var filter = selection.filter
    if all { filter.states = filter.states ?? states } else { filter.ids = ids }
    let (count, refused) = try await DatabaseSession.with(try Settings.load()) { session in
      var refused: [String] = []
      for id in ids {
        let job = try await session.queue.show(id)?.job
        if let job, (allowed ?? states).contains(job.state) { continue }
        refused.append("job \(id): \(job.map { "\(refusal) (\($0.state.rawValue))" } ?? "unknown")")
      }
      return (try await change(session.queue, filter), refused)
    }
    if json {
      try Console.print(json: ["changed": count])
    } else {
      Console.print(sentence(count))
    }
    for line in refused { Console.error("avu: \(line).") }
    if !refused.isEmpty { throw (count == 0 ? ExitStatus.usage : .partial).exitCode }
  }
}
