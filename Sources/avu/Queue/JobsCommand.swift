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
        avu jobs arrays
        avu jobs retry --state failed --all
        avu jobs cancel 4711
        avu jobs prioritize --priority 10 --collection holiday --all
      """,
    subcommands: [
      ListJobs.self, ShowJob.self, ListArrays.self, RetryJobs.self, CancelJobs.self,
      PrioritizeJobs.self,
      SnoozeJobs.self,
    ])

  struct ListJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List jobs in the order they were queued.",
      discussion: """
        EXAMPLES:
          avu jobs list --state failed --state quarantined
          avu jobs list --collection holiday --page 2
          avu jobs list --array 12 --state failed
        """)

    @OptionGroup var selection: JobSelection

    @Option(
      help: ArgumentHelp(
        "Only elements of this array that are jobs already (avu jobs arrays).", valueName: "id"))
    var array: Int64?

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
        var filter = selection.filter
        if let array { filter.ids = try await session.queue.jobs(ofArray: array) }
        return try await session.queue.list(filter, limit: limit, offset: (page - 1) * limit)
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
      commandName: "show",
      abstract: "Show a job with its attempts, its output, and the jobs that it has to do with.",
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
        try Console.print(json: JobDocument(details))
      } else {
        JobText.print(details)
      }
    }
  }

  struct ListArrays: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "arrays",
      abstract: "List arrays, each with how many of its elements are in each state.",
      discussion: """
        EXAMPLES:
          avu jobs arrays --collection archive
          avu jobs arrays --json
        """)

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Only arrays that were queued for this collection.", valueName: "name"))
    var collection: String?

    @OptionGroup var kind: KindOption

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let arrays = try await DatabaseSession.with(try Settings.load(), connections: 1) {
        try await $0.queue.arrays(of: JobScope(kind: kind.kind, group: collection))
      }
      if json {
        try Console.print(json: arrays.map { JobArrayDocument($0) })
      } else {
        JobText.print(arrays)
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
          avu jobs retry --array 12
        """)

    @OptionGroup var target: JobTarget

    func run() async throws {
      try await target.apply(
        to: [.failed, .quarantined, .cancelled], named: Set(JobState.allCases.filter(\.isFinal)),
        { "\($0) \($0 == 1 ? "job waits" : "jobs wait") again." }, refusal: "it has not ended",
        array: { try await $0.retry(array: $1) }, jobs: { try await $0.retry($1) })
    }
  }

  struct CancelJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cancel", abstract: "Call off waiting and running jobs.",
      discussion: """
        Running ones are stopped within two seconds, and nothing of them is kept. With an array, those \
        that follow it are called off, too.

        EXAMPLES:
          avu jobs cancel 4711
          avu jobs cancel --collection holiday --all
          avu jobs cancel --array 12
        """)

    @OptionGroup var target: JobTarget

    func run() async throws {
      try await target.apply(
        to: [.waiting, .running],
        { "\($0) \($0 == 1 ? "job is" : "jobs are") called off." }, refusal: "it has ended",
        array: { try await $0.cancel(array: $1) }, jobs: { try await $0.cancel($1) })
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
