import Dispatch
import Foundation
import Synchronization

/// Computes the elements of an array on several threads.
enum ParallelMap {
  /// How many processors may be used.
  static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The results of `body` for 0 to `count` − 1, in that order, whatever the number of threads.
  static func map<Element: Sendable>(
    _ count: Int, threads: Int = processors,
    _ body: @Sendable (Int) -> Element
  ) -> [Element] {
    map(count, threads: threads, state: ()) { _, index in body(index) }
  }

  /// The same where `body` remembers something from one call to the next: each thread begins with a
  /// copy of `state`, which must not change results.
  static func map<Element: Sendable, State: Sendable>(
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
