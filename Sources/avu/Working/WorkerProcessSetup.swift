import Foundation
import Logging
import Workers

extension WorkerProcesses {
  /// Worker processes of this program.
  ///
  /// - Parameters:
  ///   - settings: Where the models are.
  ///   - count: Processes at a time.
  ///   - threads: Threads of each; nil shares the machine's processors out.
  ///   - logger: Hears of deaths.
  convenience init(_ settings: Settings, count: Int, threads: Int?, logger: Logger) {
    let share = max(1, ProcessInfo.processInfo.activeProcessorCount / count)
    self.init(
      command: Command(
        program: ThisProgram.path,
        arguments: [
          "child", "--models", settings.models, "--threads", "\(threads ?? share)", "--software",
          Self.software(settings),
        ]),
      count: count, logger: logger)
  }

  /// What predictions say of the program that made them.
  private static func software(_ settings: Settings) -> String {
    let commit = SourceVersion.commit(of: settings.share).map { ", checkout at \($0)" }
    return "avu \(AVUVersion.text)\(commit ?? "")"
  }
}

/// The program that runs.
enum ThisProgram {
  /// Where its file is.
  static var path: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
  }
}

/// The command line as the bytes that the kernel handed over: a file name may be no text.
enum RawArguments {
  /// The bytes of arguments that the parser gave as text.
  static func bytes(of arguments: [String]) -> [[UInt8]] {
    var raw: [String: [UInt8]] = [:]
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      let bytes = Array(UnsafeBufferPointer(start: argument, count: strlen(argument)))
        .map(UInt8.init(bitPattern:))
      raw[String(decoding: bytes, as: UTF8.self)] = bytes
    }
    return arguments.map { raw[$0] ?? Array($0.utf8) }
  }
}
