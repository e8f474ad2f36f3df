import CPostgres
import Dispatch

/// A message that another session sent with `NOTIFY`.
public struct Notification: Hashable, Sendable {
  /// The channel it came on.
  public let channel: String

  /// Its text; may be empty.
  public let payload: String
}

extension Connection {
  struct Listener {
    let channel: String
    let hear: @Sendable (Notification) -> Void
    let end: @Sendable () -> Void
  }

  /// Listens on a channel, also while the connection is used for other things.
  ///
  /// A hint, not a record: what is sent while no session listens is lost, and of more than 1000
  /// unread messages the oldest are dropped. The stream ends when the connection breaks or is
  /// closed. It needs a session of its own server process, so not a pooler in transaction mode.
  ///
  /// - Parameter channel: The channel's name, exactly as in `NOTIFY`.
  /// - Returns: The messages from now on.
  /// - Throws: ``PostgresError``.
  public func notifications(
    on channel: String
  ) async throws(PostgresError) -> AsyncStream<Notification> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Notification.self, bufferingPolicy: .bufferingNewest(1000))
    let id = try await listen(
      on: channel, hear: { continuation.yield($0) }, end: { continuation.finish() })
    continuation.onTermination = { [weak self] _ in
      Task { await self?.removeListener(id) }
    }
    return stream
  }

  /// As ``notifications(on:)``, for whoever must hear at once: nothing but the connection's own thread
  /// is between the socket and `hear`.
  ///
  /// - Parameters:
  ///   - channel: The channel's name, exactly as in `NOTIFY`.
  ///   - hear: Takes each message; it must not wait.
  ///   - end: Called once, when the connection breaks or is closed.
  /// - Returns: The listener's number.
  /// - Throws: ``PostgresError``.
  @discardableResult
  public func listen(
    on channel: String, hear: @escaping @Sendable (Notification) -> Void,
    end: @escaping @Sendable () -> Void
  ) async throws(PostgresError) -> Int {
    _ = try await execute(ConnectionStatements.listen(channel))
    let id = nextListener
    nextListener += 1
    listeners[id] = Listener(channel: channel, hear: hear, end: end)
    if session == nil { endListening() } else { beginListening() }
    return id
  }

  private func removeListener(_ id: Int) {
    listeners[id] = nil
    if listeners.isEmpty { endListening() }
  }

  /// Reads what comes in between statements, as long as anybody listens.
  private func beginListening() {
    guard listening == nil, let session else { return }
    let source = DispatchSource.makeReadSource(
      fileDescriptor: PQsocket(session.raw), queue: executor.queue)
    source.setEventHandler { [weak self] in self?.assumeIsolated { $0.read() } }
    // The socket stays open as long as the source looks at it.
    source.setCancelHandler { withExtendedLifetime(session) {} }
    source.resume()
    listening = source
    noteRest()
  }

  private func read() {
    // A statement reads for itself.
    guard let session, !statements.isTaken else { return }
    if PQconsumeInput(session.raw) == 0 { _ = lost(session) }
    deliverNotifications()
  }

  func deliverNotifications() {
    guard let session else { return }
    while let raw = PQnotifies(session.raw) {
      defer { PQfreemem(raw) }
      let message = Notification(
        channel: String(cString: raw.pointee.relname), payload: String(cString: raw.pointee.extra))
      for listener in listeners.values where listener.channel == message.channel {
        listener.hear(message)
      }
    }
  }

  func endListening() {
    listening?.cancel()
    listening = nil
    let ended = listeners.values
    listeners = [:]
    for listener in ended { listener.end() }
  }
}
