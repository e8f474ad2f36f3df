import Foundation

/// A program that is run to its end and measured by the system.
struct MeasuredProgram {
  /// What a run took.
  struct Cost: Sendable {
    /// From start to end, in seconds.
    let seconds: Double

    /// Time of all cores, in seconds: what other programs on the machine do changes it little.
    let work: Double

    /// The most memory that lay in RAM at a time, in bytes.
    let memory: Int
  }

  let arguments: [String]
  var environment: [String: String] = [:]

  /// Runs it; what it prints goes to a file, which is quoted when it fails.
  ///
  /// - Parameter log: Where its output goes.
  /// - Returns: What it took.
  /// - Throws: ``BenchError``.
  func run(log: String) throws -> Cost {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = arguments.map { strdup($0) } + [nil]
    var settings = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var process = pid_t()
    var (status, usage) = (Int32(0), rusage())
    let start = ContinuousClock.now
    guard posix_spawnp(&process, arguments[0], &actions, nil, &words, &settings) == 0,
      wait4(process, &status, 0, &usage) == process
    else { throw BenchError.failed(program: arguments[0], reason: "it cannot be started") }
    let time = start.duration(to: .now)
    guard status == 0 else {
      let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      throw BenchError.failed(
        program: arguments.joined(separator: " "),
        reason: said.split(separator: "\n").last.map(String.init) ?? "status \(status)")
    }
    let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return Cost(
      seconds: time / .seconds(1), work: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      memory: usage.ru_maxrss * 1024)
  }
}
