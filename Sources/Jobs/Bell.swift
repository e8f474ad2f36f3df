/// Wakes one listener; rings while it is busy are heard as one.
struct Bell: Sendable {
  /// What is heard.
  let rings: AsyncStream<Void>

  private let continuation: AsyncStream<Void>.Continuation

  init() {
    (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func ring() { continuation.yield() }
}
