import Dispatch
import Foundation
import Synchronization

/// Computes the elements of an array on several threads.
enum ParallelMap {
  /// The results of `body` for 0 to `count` − 1, in that order, whatever the number of threads.
  static func map<Element: Sendable>(
    _ count: Int, threads: Int = ProcessInfo.processInfo.activeProcessorCount,
    _ body: @Sendable (Int) -> Element
  ) -> [Element] {
    let pieces = max(1, min(threads, count))
    if pieces == 1 { return (0..<count).map(body) }
    let results = Mutex<[Int: [Element]]>([:])
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      let elements = ((count * piece / pieces)..<(count * (piece + 1) / pieces)).map(body)
      results.withLock { $0[piece] = elements }
    }
    return results.withLock { found in (0..<pieces).flatMap { found[$0] ?? [] } }
  }
}
