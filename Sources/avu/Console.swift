import Foundation
import Synchronization

/// What people see in the terminal: results on standard output, the rest on standard error.
enum Console {
  /// Writes one line of results.
  static func print(_ line: String) { write(Data((line + "\n").utf8)) }

  /// Writes results. A reader that stops early ends the program in silence, as it ends others; a disk
  /// without room for them ends it with a sentence.
  static func write(_ results: Data) {
    guard let code = put(results, on: STDOUT_FILENO) else { return }
    if code == EPIPE {
      // Programs with worker processes ignore the signal.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    error("avu: standard output cannot be written (\(String(cString: strerror(code)))).")
    exit(ExitStatus.failed.rawValue)
  }

  /// Writes one line about what went wrong, or about what is being done; nobody need hear it.
  static func error(_ line: String) { draw(line + "\n") }

  /// Writes to standard error as it is.
  fileprivate static func draw(_ text: String) { _ = put(Data(text.utf8), on: STDERR_FILENO) }

  /// Writes all bytes; the error's number when that fails.
  private static func put(_ data: Data, on descriptor: Int32) -> Int32? {
    data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }

  /// Writes a document for machines.
  static func print(json document: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    print(String(decoding: try encoder.encode(document), as: UTF8.self))
  }

  /// Writes rows as columns: text to the left, columns of numbers and dashes to the right.
  ///
  /// - Parameters:
  ///   - header: The columns' names.
  ///   - rows: One array a row, as long as the header.
  static func print(table header: [String], rows: [[String]]) {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let isNumeric = header.indices.map { column in
      rows.allSatisfy { Double($0[column]) != nil || $0[column] == "–" }
    }
    for row in [header] + rows {
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return isNumeric[column] ? padding + row[column] : row[column] + padding
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      print(line)
    }
  }

  /// Whether standard error is a terminal, so that a line may be drawn over.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }
}

/// A line on the terminal that says how far long work is and when it will end. Silent when
/// standard error is not a terminal.
struct ProgressLine {
  private let title: String
  private let began = Date()
  private var lastDrawn = Date.distantPast

  /// - Parameter title: What is being done.
  init(_ title: String) { self.title = title }

  /// Draws the line, at most ten times a second.
  ///
  /// - Parameters:
  ///   - done: Items that are finished, with the finished part of the current one.
  ///   - total: Items in all.
  mutating func update(done: Double, of total: Int) {
    let now = Date()
    guard Console.isInteractive, total > 0,
      now.timeIntervalSince(lastDrawn) > 0.1 || done == Double(total)
    else { return }
    lastDrawn = now
    let rest = done > 0 ? now.timeIntervalSince(began) / done * (Double(total) - done) : .infinity
    let estimate = rest.isFinite ? ", \(Self.text(seconds: rest)) left" : ""
    draw("\(title): \(Int(done)) of \(total)\(estimate)")
  }

  /// Takes the line away.
  func end() {
    guard Console.isInteractive else { return }
    draw("")
  }

  /// Seconds as people say them.
  static func text(seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private func draw(_ line: String) { Console.draw("\r\u{1B}[K\(line)") }
}

/// A ``ProgressLine`` that several threads may move.
final class SharedProgressLine: Sendable {
  private let line: Mutex<ProgressLine>

  /// - Parameter title: What is being done.
  init(_ title: String) { line = Mutex(ProgressLine(title)) }

  /// Draws the line, at most ten times a second.
  func update(done: Double, of total: Int) { line.withLock { $0.update(done: done, of: total) } }

  /// Takes the line away.
  func end() { line.withLock { $0.end() } }
}

/// A number with what it counts, such as `1 clip` and `2 clips`.
func counted(_ number: Int, _ noun: String) -> String {
  "\(number) \(noun)\(number == 1 ? "" : "s")"
}

extension String {
  /// The text without characters that a terminal would act on.
  var printable: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
          default: scalar
          }
        }))
  }
}
