import Foundation
import Logging

/// Writes each log message as one line of JSON to standard error: `time` (RFC 3339, UTC), `level`,
/// `message`, and the message's own facts under their names.
///
/// Lines go out whole, whoever else writes.
struct JSONLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.notice

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a message.
  func log(event: LogEvent) {
    FileHandle.standardError.write(line(for: event, at: Date()))
  }

  /// The line of a message, its line break included.
  func line(for event: LogEvent, at time: Date) -> Data {
    var facts = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
    facts["time"] = time.formatted(Self.timeFormat)
    facts["level"] = event.level.rawValue
    facts["message"] = event.message.description
    if let error = event.error { facts["error"] = "\(error)" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Text in a dictionary can always be encoded.
    let line = (try? encoder.encode(facts)) ?? Data()
    return line + [UInt8(ascii: "\n")]
  }

  private static let timeFormat = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
