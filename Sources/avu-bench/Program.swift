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

  /// What a program prints; its messages are kept for the error.
  static func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let (output, messages) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = messages
    try process.run()
    // Few messages are expected: they fit a pipe while the output is read.
    let found = output.fileHandleForReading.readDataToEndOfFile()
    let said = messages.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let last = String(decoding: said, as: UTF8.self).split(separator: "\n").last ?? "no message"
      throw BenchError.failed(
        program: ([program] + arguments).joined(separator: " "), reason: String(last))
    }
    return String(decoding: found, as: UTF8.self)
  }
}
