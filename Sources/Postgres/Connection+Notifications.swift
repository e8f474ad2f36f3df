import CPostgres

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
    let continuation: AsyncStream<Notification>.Continuation
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
    _ = try await execute(ConnectionStatements.listen(channel))
    let (stream, continuation) = AsyncStream.makeStream(
      of: Notification.self, bufferingPolicy: .bufferingNewest(1000))
    let id = nextListener
    nextListener += 1
    listeners[id] = Listener(channel: channel, continuation: continuation)
    continuation.onTermination = { [weak self] _ in
      Task { await self?.removeListener(id) }
    }
    if !isListening {
      isListening = true
      Task { await self.listen() }
    }
    return stream
  }

  private func removeListener(_ id: Int) {
    listeners[id] = nil
    if listeners.isEmpty { interruptIdling?() }
  }

  /// Reads what comes in between statements, until nobody listens any more.
  private func listen() async {
    while !listeners.isEmpty, let session {
      await idle(session)
      await statements.enter()
      if self.session != nil, PQconsumeInput(session.raw) == 0 { _ = lost(session) }
      deliverNotifications()
      statements.leave()
    }
    isListening = false
    if session == nil { endListening() }
  }

  func deliverNotifications() {
    guard let session else { return }
    while let raw = PQnotifies(session.raw) {
      defer { PQfreemem(raw) }
      let message = Notification(
        channel: String(cString: raw.pointee.relname), payload: String(cString: raw.pointee.extra))
      for listener in listeners.values where listener.channel == message.channel {
        listener.continuation.yield(message)
      }
    }
  }

  func endListening() {
    let ended = listeners.values
    listeners = [:]
    for listener in ended { listener.continuation.finish() }
  }
}
