import ArgumentParser
import Foundation
import Workers

/// The process that touches videos; started by the commands that need one.
struct ChildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "child", abstract: "A worker process; started by avu itself.",
    shouldDisplay: false)

  /// Address space of a worker process: a video that makes a library eat memory ends that process
  /// instead of the machine.
  private static let memoryLimit = rlim_t(8) << 30

  @Option(help: "The folder of the models.")
  var models: String

  @Option(help: "Threads for the numeric work.")
  var threads: Int

  @Option(help: "Name and version of the program, for the record.")
  var software = "avu \(AVUVersion.text)"

  func run() throws {
    // Signals meant for the program as a whole are the supervisor's to answer.
    signal(SIGINT, SIG_IGN)
    signal(SIGTERM, SIG_IGN)
    var limit = rlimit(rlim_cur: Self.memoryLimit, rlim_max: Self.memoryLimit)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    // No core dumps: videos may be private.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    WorkerChild(
      models: ModelLibrary(directory: models), threads: max(1, threads), software: software
    ).run()
  }
}
