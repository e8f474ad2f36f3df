import ArgumentParser
import Jobs
import JobsPostgres

/// Jobs to do something to: by number, all that match, or an array.
struct JobTarget: ParsableArguments {
  @Argument(help: ArgumentHelp("The jobs' numbers.", valueName: "id"))
  var ids: [Int64] = []

  @OptionGroup var selection: JobSelection

  @Flag(help: "All jobs that match the options.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "All elements of this array, also those that are no jobs yet (avu jobs arrays).",
      valueName: "id"))
  var array: Int64?

  @Flag(help: "Print a JSON document instead of text.")
  var json = false

  func validate() throws {
    guard [!ids.isEmpty, all, array != nil].count(where: \.self) == 1 else {
      throw ValidationError(
        "Name jobs by their numbers, or say --all for all that match, or --array.")
    }
    if !all && !selection.isEmpty {
      throw ValidationError(
        "--state, --collection and --kind go with --all, not with numbers or --array.")
    }
  }

  /// Changes the jobs and says what was done.
  ///
  /// - Parameters:
  ///   - states: The states that `--all` means when no state is named.
  ///   - allowed: The states in which a job that is named can be changed; the same unless given.
  ///   - sentence: Says how many jobs were changed.
  ///   - refusal: Why a job that was named cannot be changed.
  ///   - changeArray: Changes an array, and returns how many elements that were.
  ///   - change: Changes what matches, and returns how many that were.
  /// - Throws: An exit status when jobs that were named could not be changed.
  func apply(
    to states: Set<JobState>, named allowed: Set<JobState>? = nil,
    _ sentence: (Int) -> String, refusal: String,
    array changeArray: @Sendable (PostgresJobQueue, Int64) async throws -> Int,
    jobs change: @Sendable (PostgresJobQueue, JobFilter) async throws -> Int
  ) async throws {
    var filter = selection.filter
    if all { filter.states = filter.states ?? states } else { filter.ids = ids }
    let (count, refused) = try await DatabaseSession.with(try Settings.load()) { session in
      var refused: [String] = []
      if let array {
        guard try await !session.queue.arrays([array]).isEmpty else {
          throw CommandError.missing(
            what: "There is no array \(array)", remedy: "avu jobs arrays shows those there are")
        }
        return (try await changeArray(session.queue, array), refused)
      }
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
