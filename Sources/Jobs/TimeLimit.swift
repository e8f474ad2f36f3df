/// Runs `body`, and cancels it when it takes longer than a limit.
///
/// - Parameters:
///   - limit: How long it may take; nil for as long as it likes.
///   - body: What to run; it ends soon once it is cancelled.
/// - Returns: What `body` returns.
/// - Throws: A ``JobFailure`` of the kind ``FailureKind/timeout`` when it took too long; else what
///   `body` throws.
func withTimeLimit<Value: Sendable>(
  _ limit: Duration?, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  guard let limit else { return try await body() }
  return try await withThrowingTaskGroup(of: TimedStep<Value>.self) { group in
    defer { group.cancelAll() }
    group.addTask { .done(try await body()) }
    group.addTask {
      // A wait that is cancelled leaves the last word to `body`.
      (try? await Task.sleep(for: limit)) == nil ? .waitedInVain : .expired
    }
    while let step = try await group.next() {
      switch step {
      case .done(let value): return value
      case .waitedInVain: continue
      case .expired:
        throw JobFailure(
          message: "The attempt took longer than its time limit of \(limit / .seconds(1)) s, so it "
            + "was ended.",
          kind: .timeout)
      }
    }
    throw CancellationError()
  }
}

/// What comes first: the end of the work, or that of the time.
private enum TimedStep<Value: Sendable>: Sendable {
  case done(Value)
  case expired
  case waitedInVain
}
