import Foundation
import Glibc
import Testing

@testable import Postgres

@Suite(.serialized) struct PrivateClusterTests {
  /// A private server in a directory of its own, stopped and removed afterwards.
  private func withCluster(
    below name: String = "home", _ body: (PrivateCluster, _ home: String) async throws -> Void
  ) async throws {
    let parent = "/tmp/avu-cluster-test-" + UUID().uuidString.prefix(8)
    try FileManager.default.createDirectory(
      atPath: parent + "/" + name, withIntermediateDirectories: true)
    let home = parent + "/" + name
    let cluster = PrivateCluster(home: home)
    do {
      try await body(cluster, home)
    } catch {
      _ = try? await cluster.stop()
      try? FileManager.default.removeItem(atPath: parent)
      throw error
    }
    try await cluster.stop()
    try FileManager.default.removeItem(atPath: parent)
  }

  private func run(_ sql: String, at target: ConnectionTarget) async throws -> [Row] {
    let connection = try await Connection.connect(to: target)
    let rows = try await connection.query(sql)
    await connection.close()
    return rows
  }

  private func process(of cluster: PrivateCluster) throws -> pid_t {
    guard case .running(let process, _) = cluster.status() else { throw PostgresError.poolClosed }
    return process
  }

  @Test func `data outlives the server, which nobody else can reach`() async throws {
    try await withCluster { cluster, home in
      #expect(cluster.status() == .absent)
      let target = try await cluster.start()
      _ = try await run("CREATE TABLE kept AS SELECT 1 AS id", at: target)
      let listening = try await run("SHOW listen_addresses", at: target)
      #expect(listening[0].values == [""])
      let durable = try await run("SELECT current_setting('fsync')", at: target)
      #expect(durable[0].values == ["on"])
      guard case .socket(let directory, _, _) = target.address else {
        Issue.record("not a socket: \(target)")
        return
      }
      for path in [directory, home + "/postgres", home + "/postgres/data"] {
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o700, "\(path)")
      }
      let stopped = try await cluster.stop()
      #expect(stopped)
      #expect(cluster.status() == .stopped)
      let again = try await cluster.stop()
      #expect(!again)
      let rows = try await run("SELECT id FROM kept", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test func `what was committed survives a kill -9 of the server`() async throws {
    try await withCluster { cluster, _ in
      let target = try await cluster.start()
      let session = try await Connection.connect(to: target)
      try await session.execute("CREATE TABLE kept AS SELECT 1 AS id")
      let busy = Task { try await session.query("SELECT pg_sleep(60)") }
      kill(try process(of: cluster), SIGKILL)
      await #expect(throws: PostgresError.connectionLost) { try await busy.value }
      let rows = try await run("SELECT id FROM kept", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test func `a stale pid file with somebody else's pid does not keep it from starting`()
    async throws
  {
    try await withCluster { cluster, home in
      _ = try await cluster.start()
      let path = home + "/postgres/data/postmaster.pid"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try await cluster.stop()
      let lines = ["\(getpid())"] + text.split(separator: "\n").dropFirst().map(String.init)
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      #expect(cluster.status() == .stopped)
      let rows = try await run("SELECT 1", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test func `two starts at once end with one server`() async throws {
    try await withCluster { cluster, _ in
      async let first = cluster.start()
      async let second = cluster.start()
      let same = try await first == second
      #expect(same)
      let rows = try await run("SELECT 1", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test func `a long path with spaces, quotes and dollars is fine`() async throws {
    let name = "a b/it's \"$HOME\"/" + String(repeating: "long", count: 30)
    try await withCluster(below: name) { cluster, _ in
      let rows = try await run("SELECT 1", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test func `a creation that was interrupted is done again`() async throws {
    try await withCluster { cluster, home in
      try FileManager.default.createDirectory(
        atPath: home + "/postgres/data.new/base", withIntermediateDirectories: true)
      let rows = try await run("SELECT 1", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test func `a socket that was cleaned away is made again`() async throws {
    try await withCluster { cluster, _ in
      guard case .socket(let directory, _, _) = try await cluster.start().address else { return }
      try FileManager.default.removeItem(atPath: directory)
      let rows = try await run("SELECT 1", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test func `a server of a missing version is named`() {
    #expect(throws: PostgresError.cluster(.noServerPrograms(major: 99))) {
      try ServerPrograms.find(major: 99)
    }
    let text = PostgresError.cluster(.noServerPrograms(major: nil)).description
    #expect(text.contains("install the package postgresql"))
  }

  @Test func `a home that cannot be made is named`() async {
    let error = await #expect(throws: PostgresError.self) {
      try await PrivateCluster(home: "/dev/null/home").start()
    }
    #expect(error?.description.contains("/dev/null/home") == true)
  }

  @Test(.enabled(if: geteuid() == 0))
  func `root runs it in a directory that only root can enter`() async throws {
    try await withCluster { cluster, home in
      chmod(home, 0o700)
      let rows = try await run("SELECT 1", at: try await cluster.start())
      #expect(rows.count == 1)
    }
  }

  @Test(.enabled(if: geteuid() == 0 && getpwnam("postgres") != nil))
  func `root starts the data of postgres after its directory was closed`() async throws {
    try await withCluster { cluster, home in
      let first = try await run("SELECT 1", at: try await cluster.start())
      #expect(first.count == 1)
      try await cluster.stop()
      chmod(home, 0o700)
      let second = try await run("SELECT 1", at: try await cluster.start())
      #expect(second.count == 1)
    }
  }

  @Test(.enabled(if: geteuid() == 0 && access(CommandLine.arguments[0], X_OK) == 0))
  func `an ordinary user has one too`() throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).path
    let asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    guard ChildProcess.run(asNobody + ["test", "-x", program], in: "/").succeeded else {
      return  // The build is where only root can read it.
    }
    let tests = ["--testing-library", "swift-testing", "--filter", "PrivateClusterTests"]
    let outcome = ChildProcess.run(asNobody + [program] + tests, in: "/tmp")
    #expect(outcome.succeeded, "\(outcome.output)")
  }
}
