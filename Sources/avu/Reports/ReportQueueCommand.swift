import ArgumentParser
import Foundation
import Jobs
import JobsPostgres
import Postgres
import Workers

extension ReportCommand {
  struct Queue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Have a worker build a site: now, or when a collection has ended.",
      discussion: """
        A worker that was started with --sites DIR builds it in DIR/NAME, as avu report build does. \
        Again and again: avu queue schedule add NAME --cron "0 6 * * *" --report NAME.

        EXAMPLES:
          avu report queue everything
          avu report queue holiday --collection holiday --when-ended holiday
        """)

    @OptionGroup var site: SiteName

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Only this collection; may be repeated.", valueName: "name"))
    var collection: [String] = []

    @Option(
      help: ArgumentHelp(
        "Start when all that is queued now of this collection has ended, with what follows from it.",
        valueName: "collection"))
    var whenEnded: String?

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let job = try SiteJob.job(site.name, collections: collection)
      try await DatabaseSession.with(try Settings.load(), connections: 1) { session in
        try await SiteJob.queue(job, whenEnded: whenEnded, session)
      }
      if json {
        try Console.print(json: ["site": site.name])
      } else {
        Console.print(
          "\(site.name) is built by a worker with --sites"
            + (whenEnded.map { " when \($0.printable) has ended." } ?? "."))
      }
    }
  }
}

/// The argument that names a site.
struct SiteName: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The site's name: its folder among the worker's sites.", valueName: "name"))
  var name: String

  func validate() throws { try SiteJob.check(name, "The site's name") }
}

/// Jobs that build sites.
enum SiteJob {
  /// A job that builds a site, like no other.
  static func job(_ site: String, collections: [String]) throws -> NewJob {
    let payload = try JSONEncoder().encode(ReportPayload(site: site, collections: collections))
    return NewJob(
      kind: WorkKind.report.rawValue, key: "\(site) \(UUID().uuidString)",
      payload: String(decoding: payload, as: UTF8.self), group: WorkKind.upkeepGroup)
  }

  /// Queues one, to be started when a collection has ended or at once.
  static func queue(
    _ job: NewJob, whenEnded collection: String?, _ session: DatabaseSession
  ) async throws {
    guard let collection else {
      _ = try await session.queue.enqueue([job])
      return
    }
    _ = try await session.pool.withRepeatedTransaction { transaction in
      try await session.queue.enqueue(
        job, whenEnded: JobFilter(group: collection), in: transaction)
    }
  }

  /// - Throws: `ValidationError` when a text names no site.
  static func check(_ name: String, _ what: String) throws {
    guard ReportPayload.isName(name) else {
      throw ValidationError(
        "\(what) has 1 to 100 letters, digits, “.”, “_” and “-”, the first a letter or digit.")
    }
  }
}
