import Foundation
import Postgres
import Testing

/// PgBouncer in transaction mode between programs and server: no session belongs to anybody.
@Suite(
  .serialized,
  .enabled(
    if: FileManager.default.isExecutableFile(atPath: "/usr/sbin/pgbouncer"), "needs pgbouncer"))
struct PoolerTests {
  @Test(.timeLimit(.minutes(3)))
  func `Videos are submitted and worked on through a pooler with few sessions`() async throws {
    try await Home.with { home in
      _ = try await home.run("db", "start")
      let target = try await PrivateCluster(home: home.path + "/home").start()
      let owner = try await Connection.connect(to: target)
      for profile in ["worker", "submitter"] {
        try await owner.executeScript("CREATE ROLE \(profile) LOGIN")
        let granted = try await home.run("db", "grant", profile, "--as", profile)
        #expect(granted.status == 0, "\(granted.error)")
      }
      let pooler = try Pooler(before: target, in: home.file("pooler"))
      defer { pooler.stop() }
      let worker = Process()
      worker.executableURL = URL(fileURLWithPath: Program.path)
      worker.arguments = ["work", "--concurrency", "2"]
      worker.environment = ["AVU_DATABASE_URL": pooler.url(as: "worker"), "PATH": "/usr/bin"]
      worker.standardError = FileHandle.standardError
      try worker.run()
      try home.makeClips(6, in: "clips")
      let submitted = try await Program.run(
        ["submit", home.file("clips"), "--collection", "pooled"],
        environment: ["AVU_DATABASE_URL": pooler.url(as: "submitter")])
      #expect(submitted.status == 0, "\(submitted.error)")
      while worker.isRunning, try await home.states() != ["done": 6] {}
      #expect(worker.isRunning)
      worker.terminate()
      worker.waitUntilExit()
      #expect(worker.terminationStatus == 130)
      await owner.close()
    }
  }
}

/// A PgBouncer before a private server.
private final class Pooler {
  private let process = Process()
  private let folder: String

  init(before target: ConnectionTarget, in folder: String) throws {
    guard case .socket(let directory, let database, _) = target.address else {
      throw CocoaError(.featureUnsupported)
    }
    self.folder = folder
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o777])
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
    let users = folder + "/users.txt"
    try Data("\"worker\" \"\"\n\"submitter\" \"\"\n".utf8).write(to: URL(fileURLWithPath: users))
    let settings = """
      [databases]
      avu = host=\(directory) port=5432 dbname=\(database)
      [pgbouncer]
      listen_addr =
      listen_port = 6432
      unix_socket_dir = \(folder)
      auth_type = trust
      auth_file = \(users)
      pool_mode = transaction
      default_pool_size = 2
      """
    try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/pgbouncer.ini"))
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = try Self.account(of: directory) + ["-q", folder + "/pgbouncer.ini"]
    try process.run()
    while !FileManager.default.fileExists(atPath: folder + "/.s.PGSQL.6432"), process.isRunning {}
  }

  /// How PgBouncer is started: it does not run as root, and must be able to enter the socket's folder.
  private static func account(of directory: String) throws -> [String] {
    let program = "/usr/sbin/pgbouncer"
    guard geteuid() == 0 else { return [program] }
    let owner = try FileManager.default.attributesOfItem(atPath: directory)[.ownerAccountID]
    return (owner as? NSNumber)?.intValue == 0
      ? ["unshare", "--user", "--map-user=1000", "--map-group=1000", program]
      : [program, "-u", "postgres"]
  }

  /// Ends it at once: it keeps nothing, and waits for its clients when it is asked politely.
  func stop() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func url(as role: String) -> String {
    "host='\(folder)' port=6432 dbname=avu user=\(role)"
  }
}
