import Foundation
package import Jobs
package import Postgres
import Subprocess
import SystemPackage

/// What a job carries that builds a site.
package struct ReportPayload: Codable, Hashable, Sendable {
  /// The site's name: its folder among the worker's sites.
  package let site: String

  /// The collections in it; all when there are none.
  package let collections: [String]

  /// Says which site.
  ///
  /// - Parameters:
  ///   - site: The site's name; see ``isName(_:)``.
  ///   - collections: The collections in it; all when there are none.
  package init(site: String, collections: [String]) {
    self.site = site
    self.collections = collections
  }

  /// Whether a text names a site: ASCII letters, digits, `.`, `_` and `-`, 1 to 100 of them, the first a
  /// letter or digit. Nothing else becomes a part of a path.
  package static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,99}/) != nil
  }
}

/// Builds sites, each in a process of its own, below a folder of this machine.
package struct ReportHandler: JobHandler {
  private let program: String
  private let folder: String
  private let record: @Sendable (String, Int64, Connection) async throws -> Void

  /// Chooses where sites are.
  ///
  /// - Parameters:
  ///   - program: The program whose `report build` makes them.
  ///   - folder: The folder that holds them.
  ///   - record: Stores what a job says of itself.
  package init(
    program: String, folder: String,
    record: @escaping @Sendable (String, Int64, Connection) async throws -> Void
  ) {
    self.program = program
    self.folder = folder
    self.record = record
  }

  /// Builds the site. An attempt that is ended takes its process with it, and leaves the old site.
  package func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    let payload = try JobPayload.decode(ReportPayload.self, of: job)
    guard ReportPayload.isName(payload.site) else {
      throw JobFailure(
        message: "“\(payload.site)” is no name of a site; take letters, digits, “.”, “_” and “-”.",
        kind: .error, isPermanent: true)
    }
    let result = try await Subprocess.run(
      .path(FilePath(program)),
      arguments: Arguments(
        ["report", "build", "--json", "--output", "\(folder)/\(payload.site)"]
          + payload.collections.flatMap { ["--collection=\($0)"] }),
      input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    guard case .exited(0) = result.terminationStatus else {
      try Task.checkCancellation()
      throw Self.failure(result.terminationStatus, result.standardError)
    }
    let output = result.standardOutput
    return { [record] in try await record(output, job.lease.job, $0) }
  }

  private static func failure(_ status: TerminationStatus, _ said: String) -> JobFailure {
    let last = said.split(separator: "\n").last.map(String.init) ?? "It said nothing."
    switch status {
    case .exited(let code):
      return JobFailure(
        message: "The site was not built: \(last.trimmingPrefix("avu: "))", kind: .error,
        isPermanent: code == 2)
    case .signaled(let signal):
      return JobFailure(message: "Building the site was ended from outside.", kind: .signal(signal))
    }
  }
}
