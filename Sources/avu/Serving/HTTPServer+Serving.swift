import FlyingFox
import FlyingSocks

extension HTTPServer {
  /// Serves until the task is cancelled.
  ///
  /// - Parameters:
  ///   - port: The port that was asked for, for the message.
  ///   - listening: Called with the port that answers once it does.
  /// - Throws: ``CommandError`` when the port cannot be used.
  func serve(on port: UInt16, listening: @escaping @Sendable (UInt16) -> Void) async throws {
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await self.run() }
        group.addTask {
          // A busy machine may take its time; a port that cannot be used ends the other task.
          try await self.waitUntilListening(timeout: 3600)
          guard case .ip4(_, let port) = await self.listeningAddress else { return }
          listening(port)
        }
        try await group.waitForAll()
      }
    } catch SocketError.failed(_, _, let reason) {
      throw CommandError.option(name: "--port", reason: "port \(port) cannot be used (\(reason))")
    }
  }
}
