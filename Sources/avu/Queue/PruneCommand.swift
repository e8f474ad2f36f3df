import ArgumentParser
import Jobs
import JobsPostgres

extension QueueCommand {
  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget jobs that ended long ago; results are kept.",
      discussion: """
        Takes done and cancelled jobs with their attempts; failed and quarantined ones are taken \
        only when --state names them, because their reasons go, too. Predictions and scores stay, \
        and a video that has them is not worked on again. Without --older-than the times of avu queue policy set \
        --keep hold, which is for ever unless set.

        EXAMPLES:
          avu queue prune --older-than 30d --dry-run
          avu queue prune --older-than 90d --state failed
          avu queue policy set --keep 30d && avu queue prune
        """)

    @Option(
      help: ArgumentHelp(
        "How long ago they have ended at least: 12h, 30d; not below 1h.", valueName: "time"))
    var olderThan: TimeSpan?

    @Option(help: ArgumentHelp("Only jobs of this collection.", valueName: "name"))
    var collection: String?

    @OptionGroup var kind: KindOption

    @Option(
      help: ArgumentHelp(
        "Only jobs in this state: \(Self.ended.joined(separator: ", ")). May be given several times; "
          + "done and cancelled ones by default.",
        valueName: "state"))
    var state: [JobState] = []

    @Flag(help: "Say how many would go, and take none.")
    var dryRun = false

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    private static let ended = JobState.allCases.filter(\.isFinal).map(\.rawValue)

    func validate() throws {
      if let olderThan, olderThan.duration < PostgresJobQueue.shortestKeep {
        throw ValidationError("--older-than must be at least 1h.")
      }
      if let open = state.first(where: { !$0.isFinal }) {
        throw ValidationError(
          "--state \(open.rawValue): such jobs have not ended; known: "
            + Self.ended.joined(separator: ", ") + ".")
      }
    }

    func run() async throws {
      let filter = JobFilter(
        states: state.isEmpty ? [.done, .cancelled] : Set(state), group: collection, kind: kind.kind
      )
      let count = try await DatabaseSession.with(try Settings.load(), connections: 1) { session in
        try await session.queue.prune(filter, olderThan: olderThan?.duration, isTrial: dryRun)
      }
      if json {
        try Console.print(json: PruneDocument(jobs: count, isTrial: dryRun))
      } else {
        Console.print(
          "\(counted(count, "job")) \(dryRun ? "would be" : count == 1 ? "is" : "are") forgotten.")
      }
    }
  }
}

private struct PruneDocument: Encodable {
  let jobs: Int
  let isTrial: Bool

  private enum CodingKeys: String, CodingKey {
    case jobs
    case isTrial = "dry_run"
  }
}
