import Foundation
import Glibc

// The blocking steps of starting and stopping.
extension PrivateCluster {
  var data: String { directory + "/data" }

  /// `/proc` shows real paths.
  var processes: ServerProcesses {
    let real = realpath(data, nil)
    defer { free(real) }
    return ServerProcesses(data: real.map { String(cString: $0) } ?? data)
  }

  func startNow() throws(PostgresError) -> ConnectionTarget {
    if let target = reachable() { return target }
    try makeDirectory()
    let lock = try ClusterLock(path: directory + "/lock")
    defer { extendLifetime(lock) }
    if let target = reachable() { return target }
    let existing = owner(of: data)
    if geteuid() != 0, let existing, existing.user != geteuid() {
      throw .cluster(.directory(path: directory, reason: "it belongs to another user"))
    }
    let account = try ServerAccount.choose(for: directory, existing: existing)
    let programs = try ServerPrograms.find(major: existing == nil ? nil : dataVersion())
    if existing == nil { try create(with: programs, as: account) }
    if let server = processes.postmaster {
      // It is just starting or stopping, or a clean-up of /tmp took its socket away.
      try waitOrEnd(server, with: programs, as: account)
      if let target = reachable() { return target }
    }
    try processes.waitForOrphans()
    processes.removeMisleadingPidFile()
    return try launch(with: programs, as: account)
  }

  package func stopNow() throws(PostgresError) -> Bool {
    guard status() != .absent else { return false }
    let lock = try ClusterLock(path: directory + "/lock")
    defer { extendLifetime(lock) }
    guard let server = processes.postmaster else { return false }
    let account = try ServerAccount.choose(for: directory, existing: owner(of: data))
    try end(with: try ServerPrograms.find(major: dataVersion()), as: account)
    rmdir(server.socketDirectory)
    return true
  }

  /// How to connect to a running server that is ready, or nil.
  private func reachable() -> ConnectionTarget? {
    guard let server = processes.postmaster, server.isReady,
      access(server.socketDirectory + "/.s.PGSQL.5432", F_OK) == 0
    else { return nil }
    return target(server.socketDirectory)
  }

  private func target(_ socketDirectory: String) -> ConnectionTarget {
    ConnectionTarget(
      .socket(
        directory: socketDirectory, database: Self.databaseName, user: Self.userName))
  }

  private func makeDirectory() throws(PostgresError) {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw .cluster(.directory(path: directory, reason: "it cannot be created"))
    }
    guard chmod(directory, 0o700) == 0, access(directory, W_OK | X_OK) == 0 else {
      throw .cluster(.directory(path: directory, reason: String(cString: strerror(errno))))
    }
  }

  /// Makes the data beside its place and moves it there whole, so that a creation that was
  /// interrupted is never taken for a database.
  private func create(
    with programs: ServerPrograms, as account: ServerAccount
  ) throws(PostgresError) {
    try? FileManager.default.removeItem(atPath: directory + "/data.new")
    let initdb = [
      programs.initdb, "-D", "data.new", "-U", Self.userName, "--auth-local=trust",
      "--auth-host=reject", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions",
    ]
    try run(initdb, "initdb", as: account)
    try configure(directory + "/data.new/postgresql.conf")
    guard rename(directory + "/data.new", data) == 0 else {
      throw .cluster(.directory(path: data, reason: String(cString: strerror(errno))))
    }
  }

  private func configure(_ path: String) throws(PostgresError) {
    do {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(Self.settings.utf8))
      try file.close()
    } catch {
      throw .cluster(.directory(path: path, reason: "it cannot be written"))
    }
  }

  /// Durability stays as PostgreSQL has it: the queue's promises rest on it.
  private static let settings = """

    # Set by avu.
    listen_addresses = ''
    unix_socket_permissions = 0700
    max_connections = 500
    shared_buffers = '64MB'
    wal_level = minimal
    wal_compression = on
    max_wal_senders = 0
    jit = off
    timezone = 'UTC'
    log_timezone = 'UTC'

    """

  private func launch(
    with programs: ServerPrograms, as account: ServerAccount
  ) throws(PostgresError) -> ConnectionTarget {
    let socket = try SocketDirectory.prepare(recordedIn: directory, for: account)
    let start = [
      programs.pgCtl, "-D", "data", "-s", "-w", "-t", "300", "-l", "server.log",
      "-o", "-c unix_socket_directories=\(socket)", "start",
    ]
    try run(start, "pg_ctl start", as: account)
    return target(socket)
  }

  private func waitOrEnd(
    _ server: ServerProcesses.Postmaster, with programs: ServerPrograms, as account: ServerAccount
  ) throws(PostgresError) {
    for _ in 0..<1200 {
      guard let now = processes.postmaster, now.process == server.process else { return }
      if now.isReady { break }
      usleep(50_000)
    }
    if reachable() == nil, processes.postmaster != nil { try end(with: programs, as: account) }
  }

  private func end(
    with programs: ServerPrograms, as account: ServerAccount
  ) throws(PostgresError) {
    let stop = [programs.pgCtl, "-D", "data", "-s", "-w", "-t", "60", "-m", "fast", "stop"]
    try run(stop, "pg_ctl stop", as: account)
  }

  /// Runs a server program inside the cluster's directory. Its arguments name files relative to
  /// it: `pg_ctl` hands paths to a shell, where quotes in them would break.
  private func run(
    _ command: [String], _ name: String, as account: ServerAccount
  ) throws(PostgresError) {
    let outcome = ChildProcess.run(account.command(command), in: directory)
    guard !outcome.succeeded else { return }
    let log = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
    let words = (outcome.output + "\n" + log.suffix(400)).split(whereSeparator: \.isNewline)
    let reasons = words.filter { $0.contains("FATAL:") || $0.contains("error:") }
    let output = reasons.isEmpty ? words.suffix(6) : reasons.suffix(2)
    throw .cluster(.programFailed(program: name, output: output.joined(separator: " ")))
  }

  private func dataVersion() -> Int? {
    let text = try? String(contentsOfFile: data + "/PG_VERSION", encoding: .utf8)
    return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private func owner(of path: String) -> (user: uid_t, group: gid_t)? {
    var info = stat()
    guard lstat(path, &info) == 0 else { return nil }
    return (info.st_uid, info.st_gid)
  }
}
