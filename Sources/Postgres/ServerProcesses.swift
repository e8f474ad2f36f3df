import Foundation
import Glibc

/// What runs on a data directory, seen through `/proc`.
///
/// The pid in `postmaster.pid` alone proves nothing: after a reboot it may belong to anybody. A
/// server and its children have the data directory as their working directory.
struct ServerProcesses {
  let data: String

  /// The running server as its pid file describes it, or nil.
  struct Postmaster: Equatable {
    let process: pid_t
    let socketDirectory: String
    let isReady: Bool
  }

  var postmaster: Postmaster? {
    guard let text = try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8) else {
      return nil
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard let process = lines.first.flatMap({ pid_t($0) }), worksHere(process) else { return nil }
    return Postmaster(
      process: process, socketDirectory: lines.count > 4 ? lines[4] : "",
      isReady: lines.count > 7 && lines[7] == "ready")
  }

  /// All processes that work in the data directory.
  var all: [pid_t] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { pid_t($0) }.filter(worksHere)
  }

  /// Waits for the children of a server that died; after five seconds they are told to quit.
  func waitForOrphans() throws(PostgresError) {
    var waited = 0
    while !all.isEmpty {
      guard waited < 400 else { throw .cluster(.leftovers(path: data)) }
      if waited == 100 { all.forEach { kill($0, SIGQUIT) } }
      usleep(50_000)
      waited += 1
    }
  }

  /// Removes a pid file whose pid now belongs to an unrelated process: the server would take that
  /// for itself and refuse to start. All other stale files it judges better than we do.
  func removeMisleadingPidFile() {
    let path = data + "/postmaster.pid"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let process = text.split(separator: "\n").first.flatMap({ pid_t($0) }),
      kill(process, 0) == 0, !worksHere(process)
    else { return }
    unlink(path)
  }

  private func worksHere(_ process: pid_t) -> Bool {
    let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
    return process > 0 && link == data
  }
}
