import ArgumentParser
import Jobs
import JobsPostgres

extension QueueCommand {
  /// Limits of what runs, and how jobs are tried again.
  struct Policy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "policy",
      abstract: "Limit what runs at a time, and say how jobs are tried again.",
      discussion: """
        Limits are those of the whole fleet, for a kind of job, a collection, both or everything; the \
        database keeps them when jobs are claimed. Retries, time limits and how long done jobs are \
        kept are set for a kind, or for all kinds that say nothing else.

        EXAMPLES:
          avu queue policy show
          avu queue policy set --collection archive --running 4
          avu queue policy set --kind infer --rate 100/m --time-limit 30m
          avu queue policy set --errors 5 --first-pause 10s --longest-pause 1h
          avu queue policy set --collection archive --running none
        """,
      subcommands: [ShowPolicy.self, SetPolicy.self])
  }

  struct ShowPolicy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show limits and policies.",
      discussion: """
        EXAMPLES:
          avu queue policy show --json
        """)

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let document = try await DatabaseSession.with(try Settings.load(), connections: 1) {
        PolicyDocument(
          limits: try await $0.queue.limits(), policies: try await $0.queue.policies())
      }
      if json { try Console.print(json: document) } else { document.print() }
    }
  }

  struct SetPolicy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Change limits and policies; what is not named stays as it is.",
      discussion: """
        "none" takes a setting back. Without --kind and --collection it holds for everything.

        EXAMPLES:
          avu queue policy set --running 200
          avu queue policy set --kind infer --collection archive --running 2 --rate 1000/h
          avu queue policy set --kind infer --deaths 3 --time-limit 20m --keep 30d
          avu queue policy set --kind infer --rate none
        """)

    @OptionGroup var scope: ScopeOptions

    @Option(help: ArgumentHelp("Jobs that may run at a time.", valueName: "n"))
    var running: Change<Count>?

    @Option(
      help: ArgumentHelp("Jobs that may start in a time: 10/s, 100/m, 1000/h.", valueName: "n/time")
    )
    var rate: Change<RateText>?

    @Option(help: ArgumentHelp("With how many errors a job is given up.", valueName: "n"))
    var errors: Change<Count>?

    @Option(
      help: ArgumentHelp("With how many deaths of its process it is set aside.", valueName: "n"))
    var deaths: Change<Count>?

    @Option(
      help: ArgumentHelp(
        "The same for deaths that came from outside, such as reboots.", valueName: "n"))
    var interruptions: Change<Count>?

    @Option(help: ArgumentHelp("The pause after the first failure: 10s, 2m.", valueName: "time"))
    var firstPause: Change<TimeSpan>?

    @Option(
      help: ArgumentHelp("By how much the pause grows each time; 1 keeps it.", valueName: "factor"))
    var growth: Change<Factor>?

    @Option(help: ArgumentHelp("The longest pause.", valueName: "time"))
    var longestPause: Change<TimeSpan>?

    @Option(
      help: ArgumentHelp(
        "By which part of it a pause is shortened at random, 0 to 1.", valueName: "part"))
    var jitter: Change<Part>?

    @Option(
      help: ArgumentHelp(
        "How long an attempt may take; then it is ended and counts as a death.", valueName: "time"))
    var timeLimit: Change<TimeSpan>?

    @Option(
      help: ArgumentHelp(
        "How long done jobs are kept before avu queue prune takes them; at least 1h.",
        valueName: "time"))
    var keep: Change<TimeSpan>?

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    private var changesLimit: Bool { running != nil || rate != nil }

    private var changesPolicy: Bool {
      errors != nil || deaths != nil || interruptions != nil || firstPause != nil || growth != nil
        || longestPause != nil || jitter != nil || timeLimit != nil || keep != nil
    }

    func validate() throws {
      guard changesLimit || changesPolicy else { throw ValidationError("Say what to change.") }
      if changesPolicy && scope.collection != nil {
        throw ValidationError("Only --running and --rate can be set for a collection.")
      }
      if let keep = keep?.value, keep.duration < .seconds(3600) {
        throw ValidationError("--keep must be at least 1h.")
      }
      if let limit = timeLimit?.value, limit.duration == .zero {
        throw ValidationError("--time-limit must be above 0.")
      }
    }

    func run() async throws {
      let (document, stranger) = try await DatabaseSession.with(
        try Settings.load(), connections: 1
      ) {
        if changesLimit {
          try await $0.queue.changeLimit(of: scope.scope) { limit in
            running?.apply(to: &limit.maxRunning, \.number)
            rate?.apply(to: &limit.rate, \.rate)
          }
        }
        if changesPolicy { try await $0.queue.changePolicy(of: scope.kind.kind, change) }
        let document = PolicyDocument(
          limits: try await $0.queue.limits(), policies: try await $0.queue.policies())
        return (document, try await scope.stranger($0))
      }
      if json { try Console.print(json: document) } else { document.print() }
      if let stranger { Console.error("avu: \(stranger)") }
    }

    @Sendable private func change(_ policy: inout KindPolicy) {
      errors?.apply(to: &policy.maxErrors, \.number)
      deaths?.apply(to: &policy.maxDeaths, \.number)
      interruptions?.apply(to: &policy.maxInterruptions, \.number)
      firstPause?.apply(to: &policy.firstPause, \.duration)
      growth?.apply(to: &policy.growth, \.number)
      longestPause?.apply(to: &policy.longestPause, \.duration)
      jitter?.apply(to: &policy.jitter, \.number)
      timeLimit?.apply(to: &policy.timeLimit, \.duration)
      keep?.apply(to: &policy.keep, \.duration)
    }
  }
}

/// Options that say which jobs a pause or a limit is about.
struct ScopeOptions: ParsableArguments {
  @OptionGroup var kind: KindOption

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Only jobs of this collection.", valueName: "name"))
  var collection: String?

  var scope: JobScope { JobScope(kind: kind.kind, group: collection) }

  /// A sentence about a collection that nothing was queued for so far; it may be misspelt.
  func stranger(_ session: DatabaseSession) async throws -> String? {
    guard let collection else { return nil }
    let known = Set(try await session.queue.counts(finishedWithin: .zero).map(\.group))
    if known.contains(collection) { return nil }
    let names = known.sorted().prefix(10).map(\.printable).joined(separator: ", ")
    return "Nothing was queued for “\(collection.printable)” so far; it holds for what comes."
      + (names.isEmpty ? "" : " There are jobs of \(names).")
  }

  func validate() throws {
    if collection?.isEmpty ?? false { throw ValidationError("--collection must not be empty.") }
  }
}

extension JobScope {
  /// The options that name these jobs, with a space before each.
  var options: String {
    (kind.map { " --kind \($0.printable)" } ?? "")
      + (group.map { " --collection \($0.printable)" } ?? "")
  }

  /// Begins a sentence about these jobs, or about everything.
  ///
  /// - Parameters:
  ///   - everything: The beginning when all jobs are meant.
  ///   - verb: What follows the jobs otherwise.
  /// - Returns: The beginning.
  func subject(or everything: String, then verb: String) -> String {
    switch (kind?.printable, group?.printable) {
    case (nil, nil): everything
    case (let kind?, nil): "Jobs of the kind \(kind) \(verb)"
    case (nil, let group?): "Jobs of the collection \(group) \(verb)"
    case (let kind?, let group?): "Jobs of the kind \(kind) of the collection \(group) \(verb)"
    }
  }
}
