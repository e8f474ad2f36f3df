/// Lets one task through at a time, in the order of arrival.
///
/// It belongs to one actor, whose isolation protects it; an actor alone does not keep a task's
/// steps together, because others run while it waits.
final class Turnstile {
  private(set) var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func enter(isolation: isolated (any Actor)? = #isolation) async {
    if isTaken {
      await withCheckedContinuation(isolation: isolation) { waiting.append($0) }
    } else {
      isTaken = true
    }
  }

  func leave() {
    if waiting.isEmpty {
      isTaken = false
    } else {
      waiting.removeFirst().resume()
    }
  }
}
