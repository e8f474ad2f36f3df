import Foundation

/// Processes that Linux ended because memory ran out.
enum MemoryKills {
  /// How many there were since the machine was started; nil when the machine does not tell.
  ///
  /// - Parameter file: A file such as `/proc/vmstat`, with one name and number a line.
  /// - Returns: The number after `oom_kill`, which also counts those of a control group's limit.
  static func count(in file: String) -> Int? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == "oom_kill" { return Int(words[1]) }
    }
    return nil
  }
}
