import Foundation
import Synchronization
import Testing

@testable import Streaming

struct OrderedWorkTests {
  private struct Stop: Error {}

  @Test(arguments: [1, 2, 8])
  func `elements come in order whatever takes long`(_ threads: Int) {
    for count in [0, 1, 5, 300] {
      var taken: [Int] = []
      OrderedWork.run(count, threads: threads) { index in
        if index % 7 == 0 { usleep(500) }
        return index * 2
      } take: {
        taken.append($0)
      }
      #expect(taken == (0..<count).map { $0 * 2 })
    }
  }

  @Test func `what is taken slowly holds up what is made`() {
    let made = Mutex(0)
    var taken = 0
    OrderedWork.run(200, threads: 3) { _ in
      made.withLock { $0 += 1 }
    } take: { _ in
      taken += 1
      usleep(200)
      #expect(made.withLock { $0 } - taken <= 12)
    }
    #expect(taken == 200)
  }

  @Test func `an error ends the work`() {
    let made = Mutex(0)
    #expect(throws: Stop.self) {
      try OrderedWork.run(1000, threads: 4) { index in
        made.withLock { $0 += 1 }
        return index
      } take: { index throws(Stop) in
        if index == 5 { throw Stop() }
      }
    }
    #expect(made.withLock { $0 } < 40)
  }

  @Test func `each thread keeps its state`() {
    var seen: [Int] = []
    OrderedWork.run(100, threads: 3, state: 0) { state, _ in
      state += 1
      return state
    } take: {
      seen.append($0)
    }
    #expect(seen.count == 100 && seen.contains { $0 >= 34 } && seen.contains(1))
  }
}
