import Dispatch
import Foundation
import Synchronization

/// Computes elements on several threads and hands them over in their order, each as soon as those
/// before it are there; only a few are ever waiting.
package enum OrderedWork {
  /// Hands over `body`'s results for 0 to `count` − 1, whatever the number of threads.
  ///
  /// - Parameters:
  ///   - count: How many elements there are.
  ///   - threads: On how many threads `body` runs.
  ///   - state: What each thread begins with and keeps from one element to the next; it must not
  ///     change results.
  ///   - body: Computes an element.
  ///   - take: Gets the elements in order, on the calling thread.
  /// - Throws: What `take` throws, after which nothing more is computed.
  package static func run<State: Sendable, Element: Sendable, Failure: Error>(
    _ count: Int, threads: Int = ParallelMap.processors, state: State,
    _ body: @escaping @Sendable (inout State, Int) -> Element,
    take: (Element) throws(Failure) -> Void
  ) throws(Failure) {
    if threads <= 1 || count <= 1 {
      var state = state
      for index in 0..<count { try take(body(&state, index)) }
      return
    }
    let line = AssemblyLine<Element>(count: count, waiting: threads * 4)
    for _ in 0..<min(threads, count) {
      Thread.detachNewThread {
        var state = state
        while let index = line.next() { line.finish(index, body(&state, index)) }
        line.leave()
      }
    }
    defer { line.close(threads: min(threads, count)) }
    for index in 0..<count { try take(line.element(index)) }
  }

  /// The same without a state.
  package static func run<Element: Sendable, Failure: Error>(
    _ count: Int, threads: Int = ParallelMap.processors,
    _ body: @escaping @Sendable (Int) -> Element, take: (Element) throws(Failure) -> Void
  ) throws(Failure) {
    try run(count, threads: threads, state: (), { _, index in body(index) }, take: take)
  }
}

/// Elements between the threads that make them and the one that takes them.
private final class AssemblyLine<Element: Sendable>: Sendable {
  private struct State {
    var begun = 0
    var count: Int
    var finished: [Int: Element] = [:]
  }

  private let state: Mutex<State>

  /// How many more elements may be begun, how many were finished, which threads have left.
  private let room: DispatchSemaphore
  private let finished = DispatchSemaphore(value: 0)
  private let left = DispatchSemaphore(value: 0)

  init(count: Int, waiting: Int) {
    state = Mutex(State(count: count))
    // A semaphore may not end below the value that it began with.
    room = DispatchSemaphore(value: 0)
    for _ in 0..<waiting { room.signal() }
  }

  /// The next element to make; nil when there is none.
  func next() -> Int? {
    room.wait()
    return state.withLock { state in
      guard state.begun < state.count else { return nil }
      state.begun += 1
      return state.begun - 1
    }
  }

  func finish(_ index: Int, _ element: Element) {
    state.withLock { $0.finished[index] = element }
    finished.signal()
  }

  /// Ends a thread and lets the next one see that there is nothing more to make.
  func leave() {
    room.signal()
    left.signal()
  }

  /// Waits for an element.
  func element(_ index: Int) -> Element {
    while true {
      if let element = state.withLock({ $0.finished.removeValue(forKey: index) }) {
        room.signal()
        return element
      }
      finished.wait()
    }
  }

  /// Has no more elements made, and waits for the threads.
  func close(threads: Int) {
    state.withLock { $0.count = $0.begun }
    room.signal()
    for _ in 0..<threads { left.wait() }
  }
}
