import Jobs
import Testing

@Suite struct RetryPolicyTests {
  private let policy = RetryPolicy()
  private let error = JobFailure(message: "The disk is slow.")
  private let crash = JobFailure(message: "The decoder crashed.", kind: .signal(11))

  @Test func `pauses double up to the longest one`() {
    let pauses = (0..<12).map { errors in
      policy.judge(error, strikes: Strikes(errors: errors), maxErrors: 100, chance: 0).pause
    }
    let seconds = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    #expect(pauses == seconds.map { .seconds($0) })
  }

  @Test func `jitter takes away up to half of a pause`() {
    let shortest = policy.judge(error, strikes: Strikes(errors: 1), maxErrors: 9, chance: 1).pause
    #expect(shortest == .seconds(2))
    let pauses = (0..<200).map { _ in
      policy.judge(error, strikes: Strikes(errors: 1), maxErrors: 9).pause
    }
    #expect(pauses.allSatisfy { $0 >= .seconds(2) && $0 <= .seconds(4) })
    #expect(Set(pauses).count > 100)
  }

  @Test func `errors are given up after their limit`() {
    var strikes = Strikes()
    let states = (0..<3).map { _ in
      let verdict = policy.judge(error, strikes: strikes, maxErrors: 3)
      strikes = verdict.strikes
      return verdict.state
    }
    #expect(states == [.waiting, .waiting, .failed])
    #expect(strikes == Strikes(errors: 3))
  }

  @Test func `a job that crashes its process twice is quarantined, whatever errors it had`() {
    let first = policy.judge(crash, strikes: Strikes(errors: 2), maxErrors: 3)
    #expect(first.state == .waiting)
    #expect(first.strikes == Strikes(errors: 2, deaths: 1))
    let second = policy.judge(crash, strikes: first.strikes, maxErrors: 3)
    #expect(second.state == .quarantined)
    #expect(second.pause == .zero)
  }

  @Test func `deaths from outside are forgiven for long, but not for ever`() {
    let kill = JobFailure(message: "The worker was killed.", kind: .signal(9))
    var strikes = Strikes(deaths: 1)
    var state = JobState.waiting
    var kills = 0
    while state == .waiting && kills < 1000 {
      let verdict = policy.judge(kill, strikes: strikes, maxErrors: 3)
      #expect(verdict.pause <= .seconds(2))
      (strikes, state) = (verdict.strikes, verdict.state)
      kills += 1
    }
    #expect(kills == 50)
    #expect(state == .quarantined)
    #expect(strikes == Strikes(deaths: 1, interruptions: 50))
  }

  @Test func `what is permanent fails at once`() {
    let failure = JobFailure(message: "Not a video.", isPermanent: true)
    #expect(policy.judge(failure, strikes: Strikes(), maxErrors: 3).state == .failed)
  }
}
