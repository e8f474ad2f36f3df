import Logging

/// Writes log messages as lines for people to standard error, without the facts that only programs
/// follow up: `trace_id` and `span_id` are in the JSON log.
struct TextLogHandler: LogHandler {
  private var lines: StreamLogHandler

  /// Writes under a label.
  init(label: String) { lines = StreamLogHandler.standardError(label: label) }

  var metadata: Logger.Metadata {
    get { lines.metadata }
    set { lines.metadata = newValue }
  }

  var logLevel: Logger.Level {
    get { lines.logLevel }
    set { lines.logLevel = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { lines[metadataKey: key] }
    set { lines[metadataKey: key] = newValue }
  }

  /// Writes a message.
  func log(event: LogEvent) {
    var event = event
    event.metadata = event.metadata?.filter { $0.key != "trace_id" && $0.key != "span_id" }
    lines.log(event: event)
  }
}
