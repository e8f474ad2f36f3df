import Dispatch
import Foundation
import Synchronization

/// Computes the elements of an array on several threads.
package enum ParallelMap {
  /// How many processors may be used.
  package static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The results of `body` for 0 to `count` − 1, in that order, whatever the number of threads.
  package static func map<Element: Sendable>(
    _ count: Int, threads: Int = processors,
    _ body: @Sendable (Int) -> Element
  ) -> [Element] {
    map(count, threads: threads, state: ()) { _, index in body(index) }
  }

  /// The same where `body` remembers something from one call to the next: each thread begins with a
  /// copy of `state`, which must not change results.
  package static func map<Element: Sendable, State: Sendable>(
    _ count: Int, threads: Int = processors, state: State,
    _ body: @Sendable (inout State, Int) -> Element
  ) -> [Element] {
    let pieces = max(1, min(threads, count))
    let results = Mutex<[Int: [Element]]>([:])
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      var state = state
      var elements: [Element] = []
      for index in (count * piece / pieces)..<(count * (piece + 1) / pieces) {
        elements.append(body(&state, index))
      }
      results.withLock { $0[piece] = elements }
    }
    return results.withLock { found in (0..<pieces).flatMap { found[$0] ?? [] } }
  }
}

/// States that stay with their threads from one round of work to the next, such as what was looked
/// up before.
package struct ThreadStates<State: Sendable>: Sendable {
  private let slots: [Slot]

  private final class Slot: Sendable {
    let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }
  }

  /// Gives each thread a copy of a state.
  package init(_ state: State, threads: Int = ParallelMap.processors) {
    slots = (0..<max(1, threads)).map { _ in Slot(state) }
  }

  /// The results of `body` for 0 to `count` − 1, in that order; states must not change results.
  package func map<Element: Sendable>(
    _ count: Int, _ body: @Sendable (inout State, Int) -> Element
  ) -> [Element] {
    let pieces = min(slots.count, count)
    let results = ParallelMap.map(pieces, threads: pieces) { [slots] piece in
      slots[piece].state.withLock { state in
        stride(from: piece, to: count, by: pieces).map { body(&state, $0) }
      }
    }
    return (0..<count).map { results[$0 % pieces][$0 / pieces] }
  }
}
