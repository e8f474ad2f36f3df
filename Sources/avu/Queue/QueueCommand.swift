import ArgumentParser
import Foundation
import Jobs
import JobsPostgres
import Workers

/// Steers and watches the queue as a whole.
struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Pause, limit, prune, schedule and watch the queue.",
    discussion: """
      EXAMPLES:
        avu queue pause
        avu queue resume
        avu queue policy set --collection archive --running 4
        avu queue metrics --port 9187
      """,
    subcommands: [
      PauseQueue.self, ResumeQueue.self, Policy.self, Prune.self, ScheduleCommand.self,
      Metrics.self,
    ])

  struct PauseQueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pause",
      abstract: "Let no job be started, on any machine; running ones go on.",
      discussion: """
        EXAMPLES:
          avu queue pause
          avu queue pause --kind evaluate
          avu queue pause --collection archive
        """)

    @OptionGroup var scope: ScopeOptions

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let (running, stranger) = try await DatabaseSession.with(try Settings.load()) { session in
        try await session.queue.pause(scope.scope)
        let filter = JobFilter(
          states: [.running], group: scope.collection, kind: scope.kind.kind)
        return try await (
          session.queue.list(filter, limit: 0, offset: 0).total, scope.stranger(session)
        )
      }
      if json {
        try Console.print(json: ["running": running])
        return
      }
      Console.print(
        "\(scope.scope.subject(or: "Everything is", then: "are")) paused until avu queue resume"
          + "\(scope.scope.options); "
          + "\(running) running \(running == 1 ? "job goes" : "jobs go") on.")
      if let stranger { Console.error("avu: \(stranger)") }
    }
  }

  struct ResumeQueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "resume", abstract: "End a pause; without options, all pauses.",
      discussion: """
        EXAMPLES:
          avu queue resume
          avu queue resume --collection archive
        """)

    @OptionGroup var scope: ScopeOptions

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let left = try await DatabaseSession.with(try Settings.load()) { session in
        try await session.queue.resume(scope.scope)
        return try await session.queue.pauses()
      }
      if json {
        try Console.print(json: ["paused": left.map { PauseDocument($0) }])
        return
      }
      let rest = left.map { pause in
        let names = [pause.scope.kind, pause.scope.group].compactMap { $0?.printable }
        return names.isEmpty ? "everything" : names.joined(separator: " of ")
      }.joined(separator: ", ")
      var sentences = left.isEmpty ? [] : ["Still paused: \(rest)."]
      // What a pause of everything holds does not go on.
      if !left.contains(where: { $0.scope == .everything }) {
        sentences.insert(scope.scope.subject(or: "The queue goes", then: "go") + " on.", at: 0)
      }
      Console.print(sentences.joined(separator: " "))
    }
  }
}

/// The option that names a kind of job.
struct KindOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only jobs of this kind: \(WorkKind.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "kind"))
  var kind: String?

  func validate() throws {
    guard let kind, WorkKind(rawValue: kind) == nil else { return }
    let known = WorkKind.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("--kind \(kind.printable): there is no such kind; known: \(known).")
  }
}

/// A pause for machines; no name means all kinds or collections.
struct PauseDocument: Encodable {
  let kind: String?
  let collection: String?
  let since: Date

  init(_ pause: Pause) {
    kind = pause.scope.kind
    collection = pause.scope.group
    since = pause.since
  }
}
