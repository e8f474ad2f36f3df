import Foundation
import Postgres
import Synchronization

/// A position in the order of claims.
struct QueuePosition: Comparable, Sendable {
  let urgency: Int64
  let rank: Int64
  let job: Int64

  /// 0, or that of a collection that has one of its own.
  let lane: Int

  init(_ row: Row) throws {
    lane = try row.decode("lane")
    urgency = try row.decode("urgency")
    rank = try row.decode("rank")
    job = try row.decode("id")
  }

  static func < (one: QueuePosition, other: QueuePosition) -> Bool {
    (one.urgency, one.rank, one.job) < (other.urgency, other.rank, other.job)
  }
}

/// Where the claims of this program have come to, and what they need not do each time.
///
/// Looking through the index from its front again and again would walk over what was claimed
/// before, which stays there while anybody holds an old snapshot. So claims begin where the last one
/// ended. Jobs that come to stand before that position are seen once a second, and whenever there are
/// fewer behind it than were asked for.
final class ClaimCursors: Sendable {
  /// Where a claim begins.
  struct Start {
    /// For each kind behind which position; nil is the front.
    var positions: [QueuePosition?]

    /// Whether jobs may stand before them.
    var skipsAhead: Bool { positions.contains { $0 != nil } }

    /// Whether to make ready what became due.
    var promotes: Bool

    /// Whether to note how far claims have come.
    var advances: Bool

    init(positions: [QueuePosition?], promotes: Bool, advances: Bool) {
      self.positions = positions
      self.promotes = promotes
      self.advances = advances
    }

    /// Of a claim of nothing.
    init(none kinds: [String]) {
      self.init(positions: kinds.map { _ in nil }, promotes: false, advances: false)
    }
  }

  private struct State {
    var positions: [String: QueuePosition] = [:]
    var begun = ContinuousClock.now
    var promoted: ContinuousClock.Instant?
    var advanced: ContinuousClock.Instant?
    var listeners: [UUID: @Sendable () -> Void] = [:]
    var isAsleep = false
    var unanswered: [Int64] = []
  }

  private let state = Mutex(State())
  private let id = UUID()

  /// Who is to be told of new jobs; nil when nobody listens.
  var sleeper: UUID? { state.withLock { $0.listeners.isEmpty ? nil : id } }

  func start(of kinds: [String]) -> Start {
    state.withLock { state in
      let now = ContinuousClock.now
      if now - state.begun > .seconds(1) {
        state.positions = [:]
        state.begun = now
      }
      let start = Start(
        positions: kinds.map { state.positions[$0] },
        promotes: state.promoted.map { now - $0 > .milliseconds(100) } ?? true,
        advances: state.advanced.map { now - $0 > .milliseconds(500) } ?? true)
      if start.promotes { state.promoted = now }
      if start.advances { state.advanced = now }
      return start
    }
  }

  /// Takes what a claim found, in its order.
  func advance(past found: [(kind: String, position: QueuePosition)], limit: Int) {
    let fallsAsleep = state.withLock { state in
      let wasAsleep = state.isAsleep
      // More may be due, and arrays may have more.
      if found.count < limit { state.promoted = nil }
      state.isAsleep = found.count < limit
      guard found.count == limit else {
        state.positions = [:]
        return state.isAsleep && !wasAsleep && !state.listeners.isEmpty
      }
      for (kind, position) in found where position.lane == 0 {
        state.positions[kind] = max(position, state.positions[kind] ?? position)
      }
      return false
    }
    if fallsAsleep { ringLater() }
  }

  /// Rings a little after somebody fell asleep.
  ///
  /// Whoever queued a job meanwhile, in a transaction that was not over when the claim looked, saw no
  /// sleeper, and told nobody. Transactions that take longer are found by the poll.
  private func ringLater() {
    for pause in Self.laterRings {
      Task {
        try? await Task.sleep(for: pause)
        for ring in state.withLock({ Array($0.listeners.values) }) { ring() }
      }
    }
  }

  private static let laterRings: [Duration] = [.milliseconds(50), .milliseconds(500)]

  /// Begins at the front the next time.
  func rewind() { state.withLock { $0.positions = [:] } }

  /// Tokens of claims whose answer got lost.
  var unanswered: [Int64] { state.withLock { $0.unanswered } }

  func noteUnanswered(_ token: Int64) { state.withLock { $0.unanswered.append(token) } }

  func forgetUnanswered(_ tokens: [Int64]) {
    state.withLock { state in state.unanswered.removeAll(where: tokens.contains) }
  }

  /// Takes whom to ring; returns who is to be told of new jobs.
  func beginListening(_ listener: UUID, _ ring: @escaping @Sendable () -> Void) -> UUID {
    state.withLock { $0.listeners[listener] = ring }
    return id
  }

  /// From now on the database knows that somebody waits.
  func beginSleeping() {
    state.withLock { $0.isAsleep = true }
    ringLater()
  }

  /// Returns whether nobody listens any more.
  func endListening(_ listener: UUID) -> Bool {
    state.withLock { state in
      state.listeners[listener] = nil
      return state.listeners.isEmpty
    }
  }
}

extension SQLValue {
  /// Whole numbers or nulls, for arrays of them.
  static func numbers(_ list: [Int64?]) -> SQLValue { .texts(list.map { $0.map(String.init) }) }
}
