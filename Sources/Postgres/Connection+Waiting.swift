import CPostgres
import Dispatch
import Glibc

/// What a socket can be ready for.
struct Readiness: OptionSet, Sendable {
  let rawValue: Int

  static let read = Readiness(rawValue: 1)
  static let write = Readiness(rawValue: 2)
}

extension Connection {
  /// Waits until the socket is ready for one of `interest`.
  ///
  /// - Returns: What it is ready for; empty when `deadline` passed.
  func ready(
    _ session: Session, _ interest: Readiness, until deadline: DispatchTime? = nil
  ) async -> Readiness {
    let socket = PQsocket(session.raw)
    guard socket >= 0 else { return interest }
    // Most answers come within milliseconds: waiting here, on the connection's own thread, costs less
    // than a dispatch source.
    let early = Self.poll(socket, interest, milliseconds: 10)
    if !early.isEmpty { return early }
    return await race(socket, interest, until: deadline)
  }

  static func poll(
    _ socket: Int32, _ interest: Readiness, milliseconds: Int32
  ) -> Readiness {
    var events: Int32 = 0
    if interest.contains(.read) { events |= POLLIN }
    if interest.contains(.write) { events |= POLLOUT }
    var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
    guard Glibc.poll(&entry, 1, milliseconds) > 0 else { return [] }
    let found = Int32(entry.revents)
    if found & (POLLERR | POLLHUP | POLLNVAL) != 0 { return interest }
    var result: Readiness = []
    if found & POLLIN != 0 { result.insert(.read) }
    if found & POLLOUT != 0 { result.insert(.write) }
    return result
  }

  /// Sources are made anew for each wait: libpq may change its socket while connecting. The wait
  /// ends after all cancel handlers ran, so that no source outlives its socket.
  private func race(
    _ socket: Int32, _ interest: Readiness, until deadline: DispatchTime?
  ) async -> Readiness {
    let queue = executor.queue
    return await withCheckedContinuation { continuation in
      nonisolated(unsafe) var result: Readiness = []  // touched on `queue` only
      nonisolated(unsafe) var sources: [any DispatchSourceProtocol] = []
      nonisolated(unsafe) var left = 0
      let stop: @Sendable () -> Void = { sources.forEach { $0.cancel() } }
      func add(_ source: any DispatchSourceProtocol, _ event: Readiness) {
        left += 1
        source.setEventHandler {
          result.formUnion(event)
          stop()
        }
        source.setCancelHandler {
          left -= 1
          guard left == 0 else { return }
          sources = []
          continuation.resume(returning: result)
        }
        sources.append(source)
      }
      if interest.contains(.read) {
        add(DispatchSource.makeReadSource(fileDescriptor: socket, queue: queue), .read)
      }
      if interest.contains(.write) {
        add(DispatchSource.makeWriteSource(fileDescriptor: socket, queue: queue), .write)
      }
      if let deadline {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: deadline)
        add(timer, [])
      }
      sources.forEach { $0.resume() }
    }
  }
}
