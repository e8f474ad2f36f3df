import Foundation
import Postgres
import Synchronization

/// A place in the order of claims.
struct ClaimPlace: Comparable, Sendable {
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

  static func < (one: ClaimPlace, other: ClaimPlace) -> Bool {
    (one.urgency, one.rank, one.job) < (other.urgency, other.rank, other.job)
  }
}

/// Where the claims of this program have come to, and what they need not do each time.
///
/// Looking through the index from its front again and again would walk over what was claimed
/// before, which stays there while anybody holds an old snapshot. So claims begin where the last one
/// ended. Jobs that come to stand before that place are seen once a second, and whenever there are
/// fewer behind it than were asked for.
final class ClaimPlaces: Sendable {
  /// Where a claim begins.
  struct Start {
    /// For each kind behind which place; nil is the front.
    var places: [ClaimPlace?]

    /// Whether jobs may stand before them.
    var isLate: Bool { places.contains { $0 != nil } }

    /// Whether to make ready what became due.
    var promotes: Bool

    /// Whether to note how far claims have come.
    var advances: Bool

    init(places: [ClaimPlace?], promotes: Bool, advances: Bool) {
      self.places = places
      self.promotes = promotes
      self.advances = advances
    }

    /// Of a claim of nothing.
    init(none kinds: [String]) {
      self.init(places: kinds.map { _ in nil }, promotes: false, advances: false)
    }
  }

  private struct State {
    var places: [String: ClaimPlace] = [:]
    var begun = ContinuousClock.now
    var promoted: ContinuousClock.Instant?
    var advanced: ContinuousClock.Instant?
    var listeners: [UUID: @Sendable () -> Void] = [:]
    var isAsleep = false
    var unheard: [Int64] = []
  }

  private let state = Mutex(State())
  private let id = UUID()

  /// Who is to be told of new jobs; nil when nobody listens.
  var sleeper: UUID? { state.withLock { $0.listeners.isEmpty ? nil : id } }

  func start(of kinds: [String]) -> Start {
    state.withLock { state in
      let now = ContinuousClock.now
      if now - state.begun > .seconds(1) {
        state.places = [:]
        state.begun = now
      }
      let start = Start(
        places: kinds.map { state.places[$0] },
        promotes: state.promoted.map { now - $0 > .milliseconds(100) } ?? true,
        advances: state.advanced.map { now - $0 > .milliseconds(500) } ?? true)
      if start.promotes { state.promoted = now }
      if start.advances { state.advanced = now }
      return start
    }
  }

  /// Takes what a claim found, in its order.
  func note(_ found: [(kind: String, place: ClaimPlace)], limit: Int) {
    let fallsAsleep = state.withLock { state in
      let wasAsleep = state.isAsleep
      // More may be due, and arrays may have more.
      if found.count < limit { state.promoted = nil }
      state.isAsleep = found.count < limit
      guard found.count == limit else {
        state.places = [:]
        return state.isAsleep && !wasAsleep && !state.listeners.isEmpty
      }
      for (kind, place) in found where place.lane == 0 {
        state.places[kind] = max(place, state.places[kind] ?? place)
      }
      return false
    }
    if fallsAsleep { lookAgain() }
  }

  /// Rings a little after somebody fell asleep.
  ///
  /// Whoever queued a job meanwhile, in a transaction that was not over when the claim looked, saw no
  /// sleeper, and told nobody. Transactions that take longer are found by the poll.
  private func lookAgain() {
    for pause in Self.secondLooks {
      Task {
        try? await Task.sleep(for: pause)
        for ring in state.withLock({ Array($0.listeners.values) }) { ring() }
      }
    }
  }

  private static let secondLooks: [Duration] = [.milliseconds(50), .milliseconds(500)]

  /// Begins at the front the next time.
  func forget() { state.withLock { $0.places = [:] } }

  /// Tokens of claims whose answer got lost.
  var unheard: [Int64] { state.withLock { $0.unheard } }

  func noteUnheard(_ token: Int64) { state.withLock { $0.unheard.append(token) } }

  func forgetUnheard(_ tokens: [Int64]) {
    state.withLock { state in state.unheard.removeAll(where: tokens.contains) }
  }

  /// Takes whom to ring; returns who is to be told of new jobs.
  func beginListening(_ listener: UUID, _ ring: @escaping @Sendable () -> Void) -> UUID {
    state.withLock { $0.listeners[listener] = ring }
    return id
  }

  /// From now on the database knows that somebody waits.
  func beginSleeping() {
    state.withLock { $0.isAsleep = true }
    lookAgain()
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
