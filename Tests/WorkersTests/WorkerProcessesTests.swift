import Annotations
import Foundation
import Jobs
import Logging
import Testing

@testable import Workers

/// What becomes of a request when its process behaves badly; the processes are small scripts.
@Suite struct WorkerProcessesTests {
  @Test func `A process does one request after the other`() async throws {
    try await with(script: "while read line; do \(Self.takeUp); \(Self.answer); done", count: 2) {
      processes in
      try await withThrowingTaskGroup(of: WorkReply.self) { group in
        for _ in 0..<20 {
          group.addTask { try await processes.answer(Self.request, silence: .seconds(60)) }
        }
        for try await reply in group {
          guard case .failure("no", permanent: true) = reply else {
            Issue.record("an answer of another kind: \(reply)")
            continue
          }
        }
      }
    }
  }

  @Test(arguments: [("kill -9 $$", FailureKind.signal(9)), ("exit 7", .exit(7))])
  func `A death in the middle fails the request, and the next one is done`(
    ending: String, kind: FailureKind
  ) async throws {
    // The first process dies; the file says that it was there.
    let folder = try TemporaryFolder()
    let script = """
      read line; \(Self.takeUp)
      if mkdir '\(folder.path)/died' 2>/dev/null; then \(ending); fi
      \(Self.answer)
      """
    try await with(script: script) { processes in
      let failure = await #expect(throws: JobFailure.self) {
        try await processes.answer(Self.request, silence: .seconds(60))
      }
      #expect(failure?.kind == kind)
      _ = try await processes.answer(Self.request, silence: .seconds(60))
    }
  }

  @Test func `A kill while Linux counts one more for memory is told as that`() async throws {
    let folder = try TemporaryFolder()
    let statistics = folder.path + "/vmstat"
    try "pgfault 12\noom_kill 3\n".write(toFile: statistics, atomically: true, encoding: .utf8)
    let script = """
      read line; \(Self.takeUp); printf 'pgfault 13\noom_kill 4\n' > '\(statistics)'; kill -9 $$
      """
    try await with(script: script, memoryStatistics: statistics) { processes in
      let failure = await #expect(throws: JobFailure.self) {
        try await processes.answer(Self.request, silence: .seconds(60))
      }
      #expect(failure?.kind == .outOfMemory)
    }
  }

  @Test func `An answer that cannot be read is told as that, and the next request is done`()
    async throws
  {
    let folder = try TemporaryFolder()
    let script = """
      read line; \(Self.takeUp)
      if mkdir '\(folder.path)/spoke' 2>/dev/null; then echo mumble; read line; fi
      \(Self.answer)
      """
    try await with(script: script) { processes in
      let failure = await #expect(throws: JobFailure.self) {
        try await processes.answer(Self.request, silence: .seconds(60))
      }
      #expect(failure?.kind == .error)
      #expect(failure?.message.contains("an answer that cannot be read") ?? false)
      _ = try await processes.answer(Self.request, silence: .seconds(60))
    }
  }

  @Test func `A process that crashes is told not to show its memory`() async throws {
    let script = """
      read line; \(Self.takeUp); [ "$SWIFT_BACKTRACE" = enable=no ] || exit 1; \(Self.answer)
      """
    try await with(script: script) { processes in
      _ = try await processes.answer(Self.request, silence: .seconds(60))
    }
  }

  @Test func `A process that cannot be kept running is an error, not a death`() async throws {
    try await with(script: "exit 1") { processes in
      let failure = await #expect(throws: JobFailure.self) {
        try await processes.answer(Self.request, silence: .seconds(60))
      }
      #expect(failure?.kind == .error)
      #expect(failure?.message.contains("could not be started") ?? false)
    }
  }

  @Test func `Silence is ended after its time`() async throws {
    try await with(script: "read line; \(Self.takeUp); exec sleep 60") { processes in
      let failure = await #expect(throws: JobFailure.self) {
        try await processes.answer(Self.request, silence: .milliseconds(200))
      }
      #expect(failure?.kind == .timeout)
    }
  }

  @Test func `Cancelling ends the process that is at work`() async throws {
    try await with(script: "read line; \(Self.takeUp); exec sleep 60") { processes in
      let (stream, begun) = AsyncStream<Void>.makeStream()
      let task = Task {
        try await processes.answer(
          Self.request, silence: .seconds(60), progress: { _ in begun.yield() })
      }
      for await _ in stream { break }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  private static let request = WorkRequest.infer(
    InferencePayload(
      clip: ClipID(fileName: "c"), location: "file:///c", sha256: "", model: "", modelSHA256: "",
      frameRate: 1))

  private static let takeUp = command(.progress(0))
  private static let answer = command(.failure(message: "no", permanent: true))

  private static func command(_ reply: WorkReply) -> String {
    let line = (try? MessageLine.encode(reply)).map {
      String(decoding: $0.dropLast(), as: UTF8.self)
    }
    return "echo '\(line ?? "")'"
  }

  private func with(
    script: String, count: Int = 1, memoryStatistics: String = "/proc/vmstat",
    _ body: (WorkerProcesses) async throws -> Void
  ) async throws {
    let processes = WorkerProcesses(
      command: .init(program: "/bin/sh", arguments: ["-c", script]), count: count,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      memoryStatistics: memoryStatistics)
    let running = Task { await processes.run() }
    defer { running.cancel() }
    try await body(processes)
  }
}
