import Foundation
import Synchronization

/// What people see in the terminal: results on standard output, the rest on standard error.
enum Console {
  /// Writes one line of results.
  static func print(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  /// Writes one line about what went wrong, or about what is being done.
  static func error(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
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

  private func draw(_ line: String) {
    FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
  }
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
