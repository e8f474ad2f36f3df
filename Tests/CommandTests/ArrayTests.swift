import Foundation
import Testing

/// Arrays of jobs, jobs that wait for others, and another try, from the command line.
@Suite struct ArrayTests {
  private struct Array: Decodable {
    let id: Int64
    let kind: String
    let size: Int
    let jobs: [String: Int]
    let after: Int64?
  }

  private struct Job: Decodable {
    struct Waiter: Decodable {
      let job: Int64
      let needs_success: Bool
    }

    let id: Int64
    let state: String
    let kind: String
    let clip: String?
    let waits_for: Int
    let array: Int64?
    let index: Int?
    let prerequisites: [Int64]?
    let waiters: [Waiter]?
  }

  private struct Page: Decodable { let jobs: [Job] }

  private func arrays(_ home: Home) async throws -> [Array] {
    let listed = try await home.run("jobs", "arrays", "--json")
    return try JSONDecoder().decode([Array].self, from: Data(listed.output.utf8))
  }

  private func jobs(_ home: Home, _ options: String...) async throws -> [Job] {
    let listed = try await Program.run(
      ["jobs", "list", "--json"] + options, environment: home.environment)
    return try JSONDecoder().decode(Page.self, from: Data(listed.output.utf8)).jobs
  }

  private func show(_ home: Home, _ job: Int64) async throws -> Job {
    let shown = try await home.run("jobs", "show", "\(job)", "--json")
    return try JSONDecoder().decode(Job.self, from: Data(shown.output.utf8))
  }

  /// Clip folders with ground truth: two that are sound, and one whose video is none.
  private func makeDataset(_ home: Home) throws {
    let folder = home.file("clips")
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["dog-then-pigeon", "rain-out-of-sight", "piano-then-tuba"] {
      try manager.copyItem(
        atPath: "\(Program.checkout)/samples/\(name)", toPath: "\(folder)/\(name)")
    }
    try Data("no video".utf8).write(
      to: URL(fileURLWithPath: "\(folder)/piano-then-tuba/video.mp4"))
  }

  @Test(.timeLimit(.minutes(10)))
  func `A collection is queued as arrays, each score behind its prediction`() async throws {
    try await Home.with { home in
      try makeDataset(home)
      let clips = home.file("clips")
      let submit = [
        "submit", clips, "--collection", "c", "--truth", clips, "--evaluate", "--array",
      ]
      let queued = try await Program.run(submit, environment: home.environment)
      #expect(queued.status == 0, "\(queued.error)")
      #expect(queued.output.hasSuffix("Queued as arrays 1, 2.\n"), "\(queued.output)")
      var found = try await arrays(home)
      #expect(found.map(\.kind) == ["infer", "evaluate"] && found.map(\.size) == [3, 3])
      #expect(found[1].after == 1 && found.allSatisfy { $0.jobs == ["waiting": 3] })
      // The same again is nothing new, and no row of the queue has a job of them yet.
      let again = try await Program.run(submit, environment: home.environment)
      #expect(again.output.contains("0 queued for the model"), "\(again.output)")
      #expect(try await jobs(home).isEmpty)

      let worked = try await home.run("work", "--drain", "--concurrency", "2")
      #expect(worked.status == 3, "\(worked.error)")
      found = try await arrays(home)
      #expect(found[0].jobs == ["done": 2, "failed": 1])
      #expect(found[1].jobs == ["done": 2, "cancelled": 1])
      let failed = try #require(try await jobs(home, "--array", "1", "--state", "failed").first)
      let vain = try #require(try await jobs(home, "--array", "2", "--state", "cancelled").first)
      #expect(failed.clip == "piano-then-tuba" && vain.clip == failed.clip)
      #expect(vain.waits_for == 0 && vain.index == failed.index)

      // With its prediction, it waits again.
      let retried = try await home.run("jobs", "retry", "\(failed.id)")
      #expect(retried.output == "1 job waits again.\n", "\(retried.error)")
      let waiting = try await show(home, vain.id)
      #expect(waiting.state == "waiting" && waiting.waits_for == 1)
      #expect(waiting.prerequisites == [failed.id])
      let shown = try await show(home, failed.id)
      #expect(shown.waiters?.map(\.job) == [waiting.id] && shown.waiters?[0].needs_success == true)
      let text = try await home.run("jobs", "show", "\(failed.id)").output
      #expect(text.contains("of array 1\n") && text.contains("WAITED FOR BY"), "\(text)")

      // Called off and back: nothing is scored before its prediction.
      let off = try await home.run("jobs", "cancel", "--array", "2")
      #expect(off.output == "1 job is called off.\n", "\(off.error)")
      let back = try await home.run("jobs", "retry", "--array", "2")
      #expect(back.output == "1 job waits again.\n", "\(back.error)")
      #expect(try await show(home, waiting.id).waits_for == 1)
      let unknown = try await home.run("jobs", "cancel", "--array", "99")
      #expect(unknown.status == 2 && unknown.error.contains("avu jobs arrays"))

      // The video is mended under its name: another content is another job.
      let status = try await home.run("status", "--json")
      #expect(status.output.contains(#""scored" : 2"#), "\(status.output)")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `What failed or was called off is queued again by submitting again`() async throws {
    try await Home.with { home in
      try makeDataset(home)
      let clips = home.file("clips")
      let submit = ["submit", clips, "--collection", "c", "--truth", clips, "--evaluate", "--json"]
      _ = try await Program.run(submit, environment: home.environment)
      let queued = try await jobs(home)
      #expect(
        queued.map(\.kind) == ["infer", "infer", "infer", "evaluate", "evaluate", "evaluate"])
      #expect(queued.map(\.waits_for) == [0, 0, 0, 1, 1, 1])
      _ = try await home.run("jobs", "cancel", "--all")
      let plain = try await Program.run(submit, environment: home.environment)
      #expect(plain.output.contains(#""again" : 0"#), "\(plain.output)")
      let again = try await Program.run(submit + ["--again"], environment: home.environment)
      #expect(again.output.contains(#""again" : 6"#), "\(again.output)")
      #expect(try await jobs(home).map(\.waits_for) == [0, 0, 0, 1, 1, 1])
      _ = try await home.run("work", "--drain", "--concurrency", "2")
      #expect(try await home.states() == ["done": 4, "failed": 1, "cancelled": 1])
    }
  }
}
