import ArgumentParser
import Jobs
import JobsPostgres
import Workers

/// Stops and starts the whole queue.
struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Pause the queue, let it go on, watch its figures.",
    discussion: """
      EXAMPLES:
        avu queue pause
        avu queue resume
        avu queue metrics --port 9187
      """,
    subcommands: [PauseQueue.self, ResumeQueue.self, Metrics.self])

  struct PauseQueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pause",
      abstract: "Let no job be started, on any machine; running ones go on.",
      discussion: """
        EXAMPLES:
          avu queue pause
          avu queue pause --kind evaluate
        """)

    @OptionGroup var kind: KindOption

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let running = try await DatabaseSession.with(try Settings.load()) { session in
        try await session.queue.pause(kind: kind.kind)
        let filter = JobFilter(states: [.running], kind: kind.kind)
        return try await session.queue.list(filter, limit: 0, offset: 0).total
      }
      if json {
        try Console.print(json: ["running": running])
        return
      }
      Console.print(
        "\(kind.subject(or: "Everything is", then: "are")) paused until \(kind.resuming); "
          + "\(running) running \(running == 1 ? "job goes" : "jobs go") on.")
    }
  }

  struct ResumeQueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "resume", abstract: "End a pause; without --kind, all pauses.",
      discussion: """
        EXAMPLES:
          avu queue resume
        """)

    @OptionGroup var kind: KindOption

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let left = try await DatabaseSession.with(try Settings.load()) { session in
        try await session.queue.resume(kind: kind.kind)
        return try await session.queue.pauses()
      }
      if json {
        try Console.print(json: ["paused": left.map { $0.kind ?? "" }])
        return
      }
      let rest = left.map { $0.kind?.printable ?? "everything" }.joined(separator: ", ")
      var sentences = left.isEmpty ? [] : ["Still paused: \(rest)."]
      // What a pause of everything holds does not go on.
      if !left.contains(where: { $0.kind == nil }) {
        sentences.insert(kind.subject(or: "The queue goes", then: "go") + " on.", at: 0)
      }
      Console.print(sentences.joined(separator: " "))
    }
  }
}

/// The option that names a kind of job.
struct KindOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only jobs of this kind: \(WorkKind.allCases.map(\.rawValue).joined(separator: " or ")).",
      valueName: "kind"))
  var kind: String?

  func validate() throws {
    guard let kind, WorkKind(rawValue: kind) == nil else { return }
    let known = WorkKind.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("--kind \(kind.printable): there is no such kind; known: \(known).")
  }
}

extension KindOption {
  /// The command that ends a pause of this kind, or of everything.
  fileprivate var resuming: String {
    "avu queue resume" + (kind.map { " --kind \($0.printable)" } ?? "")
  }

  /// Begins a sentence about the jobs of this kind, or about everything.
  fileprivate func subject(or everything: String, then verb: String) -> String {
    kind.map { "Jobs of the kind \($0.printable) \(verb)" } ?? everything
  }
}
