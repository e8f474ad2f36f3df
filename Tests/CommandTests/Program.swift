import Foundation
import Subprocess
import SystemPackage
import Testing

/// The built program, as a person runs it.
enum Program {
  /// The `avu` that was built beside these tests.
  static let path: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (tests as NSString).deletingLastPathComponent + "/avu"
  }()

  /// The checkout that the tests are part of.
  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Runs the program to its end, with nothing on standard input.
  ///
  /// Variables of the surrounding environment that steer avu are left out, so that a test does the
  /// same everywhere.
  ///
  /// - Parameters:
  ///   - arguments: What follows `avu`.
  ///   - environment: Variables to set.
  ///   - directory: Where to run it; the tests' own current folder if nil.
  /// - Returns: The exit status (128 + the signal when one ended the program) and what was written.
  /// - Throws: An error when the program cannot be started, or writes more than 16 MiB.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in directory: String? = nil
  ) async throws -> (status: Int32, output: String, error: String) {
    try await run(path, arguments, variables(environment), in: directory)
  }

  /// Runs a line of bash, in which `"$AVU"` is the program, as ``run(_:environment:in:)`` does.
  static func shell(
    _ line: String, environment: [String: String] = [:], in directory: String? = nil
  ) async throws -> (status: Int32, output: String, error: String) {
    let variables = variables(environment.merging(["AVU": path]) { $1 })
    return try await run("/bin/bash", ["-c", line], variables, in: directory)
  }

  private static func run(
    _ program: String, _ arguments: [String], _ environment: Environment, in directory: String?
  ) async throws -> (status: Int32, output: String, error: String) {
    let limit = 16 << 20
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: Arguments(arguments), environment: environment,
      workingDirectory: directory.map { FilePath($0) }, output: .string(limit: limit),
      error: .string(limit: limit))
    return (status(result.terminationStatus), result.standardOutput, result.standardError)
  }

  /// Runs the program until `body` is done with it, then asks it to end.
  ///
  /// - Parameters:
  ///   - arguments: What follows `avu`.
  ///   - environment: Variables to set.
  ///   - body: Gets the first line that the program prints.
  /// - Throws: What `body` throws, and an error when the program cannot be started or prints nothing.
  static func following(
    _ arguments: [String], environment: [String: String] = [:],
    _ body: (String) async throws -> Void
  ) async throws {
    _ = try await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(arguments), environment: variables(environment),
      input: .none, output: .sequence, error: .discarded
    ) { execution in
      var lines = execution.standardOutput.strings().makeAsyncIterator()
      do {
        let line = try await #require(lines.next())
        try await body(line.trimmingCharacters(in: .whitespacesAndNewlines))
      } catch {
        try execution.send(signal: .terminate)
        throw error
      }
      try execution.send(signal: .terminate)
    }
  }

  private static func variables(_ set: [String: String]) -> Environment {
    var changes: [Environment.Key: String?] = [:]
    for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("AVU_") {
      changes[.init(stringLiteral: name)] = .some(nil)
    }
    for (name, value) in set { changes[.init(stringLiteral: name)] = value }
    return .inherit.updating(changes)
  }

  private static func status(_ end: TerminationStatus) -> Int32 {
    switch end {
    case .exited(let status): status
    case .signaled(let signal): 128 + signal
    }
  }
}
