import Jobs
import Testing

@Suite struct FailureKindTests {
  @Test(arguments: [
    (FailureKind.error, "error"), (.exit(3), "exit 3"), (.exit(-1), "exit -1"),
    (.signal(11), "signal 11"), (.outOfMemory, "out of memory"), (.timeout, "timeout"),
    (.lost, "lost"),
  ])
  func `kinds are kept as words`(kind: FailureKind, words: String) {
    #expect(kind.rawValue == words)
    #expect(FailureKind(rawValue: words) == kind)
    #expect(AttemptOutcome(rawValue: words) == .failed(kind))
  }

  @Test(arguments: ["", "signal", "signal x", "exit 1 2", "signals 3", "Done"])
  func `other words are no kind`(words: String) {
    #expect(FailureKind(rawValue: words) == nil)
    #expect(AttemptOutcome(rawValue: words) == nil)
  }

  @Test func `crashes are the job's fault, kills are not`() {
    #expect(FailureKind.signal(11).blame == .job)
    #expect(FailureKind.signal(6).blame == .job)
    #expect(FailureKind.exit(1).blame == .job)
    #expect(FailureKind.outOfMemory.blame == .job)
    #expect(FailureKind.timeout.blame == .job)
    #expect(FailureKind.signal(9).blame == .outside)
    #expect(FailureKind.signal(15).blame == .outside)
    #expect(FailureKind.lost.blame == .outside)
    #expect(FailureKind.error.blame == .handler)
  }
}
