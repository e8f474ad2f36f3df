import Dispatch
import Foundation

/// A PostgreSQL server of one's own below a directory, for people who have none.
///
/// It listens on a Unix socket only, in a directory that nobody else can enter, and keeps its
/// data durable. It outlives the program that started it and is started again after a reboot or a
/// crash by the next ``start()``. Root runs it too: as the user `postgres`, or in a user
/// namespace when that user cannot reach the directory.
public struct PrivateCluster: Sendable {
  /// What is there.
  public enum Status: Equatable, Sendable {
    /// Never created.
    case absent

    /// Created, not running.
    case stopped

    /// Running under this process id with its socket in this directory.
    case running(process: Int32, socketDirectory: String)
  }

  /// The name of the database and of its owner in a private server.
  public static let databaseName = "postgres"

  static let userName = "avu"

  let directory: String

  /// Names a private server; nothing is created yet.
  ///
  /// - Parameter home: The program's directory, `AVU_HOME`; the server lives in `postgres` in it.
  public init(home: String) {
    directory = URL(fileURLWithPath: home).standardizedFileURL.path + "/postgres"
  }

  /// Where the server writes its messages.
  public var logPath: String { directory + "/server.log" }

  /// Creates the server when there is none and starts it when it does not run.
  ///
  /// - Returns: How to connect.
  /// - Throws: ``PostgresError/cluster(_:)``.
  public func start() async throws(PostgresError) -> ConnectionTarget {
    try await offPool { () throws(PostgresError) in try startNow() }
  }

  /// Stops the server; work in progress is rolled back.
  ///
  /// - Returns: Whether it ran.
  /// - Throws: ``PostgresError/cluster(_:)``.
  @discardableResult
  public func stop() async throws(PostgresError) -> Bool {
    try await offPool { () throws(PostgresError) in try stopNow() }
  }

  /// Looks for the programs that ``start()`` needs, and changes nothing.
  ///
  /// - Throws: ``PostgresError/cluster(_:)`` when there are none.
  public static func requirePrograms() throws(PostgresError) {
    _ = try ServerPrograms.find(major: nil)
  }

  /// Looks, and changes nothing.
  ///
  /// - Returns: What is there.
  public func status() -> Status {
    guard FileManager.default.fileExists(atPath: data + "/PG_VERSION") else { return .absent }
    guard let server = processes.postmaster else { return .stopped }
    return .running(process: server.process, socketDirectory: server.socketDirectory)
  }

  /// The steps below block on other processes, which the cooperative pool must not.
  private func offPool<Result: Sendable>(
    _ work: @escaping @Sendable () throws(PostgresError) -> Result
  ) async throws(PostgresError) -> Result {
    let outcome = await withCheckedContinuation { continuation in
      DispatchQueue(label: "avu.private-cluster").async {
        do throws(PostgresError) {
          continuation.resume(returning: Swift.Result<Result, PostgresError>.success(try work()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try outcome.get()
  }
}
