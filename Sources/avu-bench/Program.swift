import Foundation

/// Another program, run to its end.
enum Program {
  /// The commit that is checked out, with “+” when files were changed.
  static func commit() -> String {
    guard let name = try? output(of: "/usr/bin/env", ["git", "rev-parse", "--short", "HEAD"]),
      let changes = try? output(of: "/usr/bin/env", ["git", "status", "--porcelain", "-uno"])
    else { return "unknown" }
    return name.trimmingCharacters(in: .whitespacesAndNewlines) + (changes.isEmpty ? "" : "+")
  }

  /// What a program prints, messages included.
  static func output(of program: String, _ arguments: [String]) throws -> String {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchError.failed(
        program: ([program] + arguments).joined(separator: " "),
        reason: String(said.split(separator: "\n").last ?? "it said nothing"))
    }
    return said
  }
}
