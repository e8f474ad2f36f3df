import ArgumentParser
import Foundation
import Jobs
import JobsPostgres
import Postgres
import ResultStore
import Workers

/// How far everything is.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far collections are, and who works on them.",
    discussion: """
      Jobs are listed with the collection that they were queued for first. The time that is left \
      follows from what was finished in the last five minutes.

      EXAMPLES:
        avu status
        avu status --watch
        avu status --collection holiday --json
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Only this collection.", valueName: "name"))
  var collection: String?

  @Flag(name: .shortAndLong, help: "Show it again every two seconds, until Ctrl-C.")
  var watch = false

  @Flag(help: "Print a JSON document instead of text.")
  var json = false

  func validate() throws {
    if watch && json { throw ValidationError("--watch and --json exclude each other.") }
  }

  func run() async throws {
    let settings = try Settings.load()
    try await DatabaseSession.with(settings, connections: 2) { session in
      if json {
        try Console.print(json: try await report(session))
        return
      }
      repeat {
        let report = try await report(session)
        // Clears a terminal; a file gets one report after the other.
        if watch { Console.print(isatty(STDOUT_FILENO) == 1 ? "\u{1B}[H\u{1B}[2J" : "") }
        report.print()
        if watch { try await Task.sleep(for: .seconds(2)) }
      } while watch
    }
  }

  private func report(_ session: DatabaseSession) async throws -> StatusReport {
    let summaries = try await session.pool.withConnection {
      try await Results(on: $0).collections()
    }
    var report = StatusReport(
      summaries: summaries, counts: try await session.queue.counts(finishedWithin: .seconds(300)),
      workers: try await session.queue.workers(), pauses: try await session.queue.pauses())
    let dependent = report.dependent
    report.add(
      try await session.pool.withConnection { try await SharedJobs.of(dependent, on: $0) })
    guard let collection else { return report }
    guard let narrowed = report.narrowed(to: collection) else {
      throw CommandError.notFound(
        what: "collection", name: collection.printable,
        known: report.collections.map(\.name.printable))
    }
    return narrowed
  }
}
