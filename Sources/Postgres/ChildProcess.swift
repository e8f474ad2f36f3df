import CPostgres
import Glibc

/// Runs a program to its end, off the cooperative pool.
enum ChildProcess {
  struct Outcome {
    let status: Int32
    let output: String
    var succeeded: Bool { status == 0 }
  }

  /// Runs `arguments[0]` in `directory`, with its standard output and error read together.
  ///
  /// The child has a session of its own, default signals, no inherited files and a bare
  /// environment: a server started this way must not depend on, or hold, anything of the caller.
  static func run(_ arguments: [String], in directory: String) -> Outcome {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return Outcome(status: -1, output: reason(errno)) }
    defer { close(ends[0]) }
    ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
    var child: pid_t = 0
    let failure = spawn(&child, arguments, in: directory, output: ends[1])
    close(ends[1])
    guard failure == 0 else { return Outcome(status: -1, output: reason(failure)) }
    let output = readAll(ends[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return Outcome(status: status, output: output)
  }

  private static func spawn(
    _ child: inout pid_t, _ arguments: [String], in directory: String, output: Int32
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addchdir_np(&actions, directory)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | kSpawnSetSession
    posix_spawnattr_setflags(&attributes, flags)
    let environment = [
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
    ]
    return withArguments(arguments) { argv in
      withArguments(environment) { envp in
        posix_spawnp(&child, arguments[0], &actions, &attributes, argv, envp)
      }
    }
  }

  private static func withArguments<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
    defer { copies.forEach { free($0) } }
    return copies.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an empty argument list") }
      return body(base)
    }
  }

  private static func readAll(_ file: Int32) -> String {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &piece, piece.count)
      if count > 0 {
        bytes.append(contentsOf: piece[..<count])
      } else if count == 0 || errno != EINTR {
        return String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
