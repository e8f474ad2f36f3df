import Foundation
import Postgres

/// The server that all queues are measured on, and a database for each.
final class QueueServer {
  private let cluster: PrivateCluster
  private let target: ConnectionTarget
  private let keeper: Connection
  private let folder: String

  private init(
    cluster: PrivateCluster, target: ConnectionTarget, keeper: Connection, folder: String
  ) {
    self.cluster = cluster
    self.target = target
    self.keeper = keeper
    self.folder = folder
  }

  /// Starts an empty server, as avu starts its own: PostgreSQL's durable settings.
  static func start(in folder: String) async throws -> QueueServer {
    let cluster = PrivateCluster(home: folder)
    _ = try await cluster.stop()
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let target = try await cluster.start()
    let keeper = try await Connection.connect(to: target)
    return QueueServer(cluster: cluster, target: target, keeper: keeper, folder: folder)
  }

  /// Stops it and removes its files.
  func stop() async throws {
    await keeper.close()
    _ = try await cluster.stop()
    try FileManager.default.removeItem(atPath: folder)
  }

  /// Makes a database anew, empty or as a copy of another one that nobody is connected to.
  func makeDatabase(_ name: String, from template: String = "template1") async throws {
    try await keeper.executeScript("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    try await keeper.executeScript("CREATE DATABASE \(name) TEMPLATE \(template)")
  }

  /// How our own programs reach a database.
  func target(_ name: String) -> ConnectionTarget {
    guard case .socket(let directory, _, let user) = target.address else { return target }
    return ConnectionTarget(.socket(directory: directory, database: name, user: user))
  }

  /// How others reach it.
  func url(_ name: String) -> String {
    guard case .socket(let directory, _, let user) = target.address else { return "" }
    return "postgresql://\(user)@/\(name)?host=\(directory)&port=5432"
  }

  /// Brings a database to rest, so that what comes next pays for nothing that was before.
  func settle(_ name: String) async throws {
    let connection = try await Connection.connect(to: target(name))
    try await connection.executeScript("VACUUM ANALYZE")
    try await connection.executeScript("CHECKPOINT")
    await connection.close()
  }

  /// Where the write-ahead log has come to, in bytes.
  func logPosition() async throws -> Double {
    try await keeper.query(
      "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes")[0]
      .decode("bytes")
  }

  /// Counts the statements that reach the server while `body` runs, by its own log.
  func statements(during body: () async throws -> Void) async throws -> Int {
    try await log("all")
    let before = try logLines()
    try await body()
    let after = try logLines()
    try await log("none")
    return after - before
  }

  /// What the server's log says from now on, also of sessions that are open already.
  private func log(_ statements: String) async throws {
    try await keeper.executeScript("ALTER SYSTEM SET log_statement = '\(statements)'")
    try await keeper.executeScript("SELECT pg_reload_conf()")
    try await Task.sleep(for: .milliseconds(500))
  }

  private func logLines() throws -> Int {
    let text = try String(contentsOfFile: cluster.logPath, encoding: .utf8)
    return text.split(separator: "\n").count {
      $0.contains(" LOG:  statement: ") || $0.contains(" LOG:  execute ")
    }
  }
}
