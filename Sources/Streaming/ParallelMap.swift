import Dispatch
import Foundation
import Synchronization

/// Computes the elements of an array on several threads.
package enum ParallelMap {
  /// How many processors may be used.
  package static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The results of `body` for 0 to `count` − 1, in that order, whatever the number of threads.
  package static func map<Element: Sendable>(
    _ count: Int, threads: Int = processors, _ body: @Sendable (Int) -> Element
  ) -> [Element] {
    let pieces = max(1, min(threads, count))
    let results = Mutex<[Int: [Element]]>([:])
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      let elements = ((count * piece / pieces)..<(count * (piece + 1) / pieces)).map(body)
      results.withLock { $0[piece] = elements }
    }
    return results.withLock { found in (0..<pieces).flatMap { found[$0] ?? [] } }
  }
}
