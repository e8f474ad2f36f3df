import Foundation
import Testing

/// Looking at the queue and steering it from the command line.
@Suite struct QueueTests {
  private struct Page: Decodable {
    struct Job: Decodable {
      struct Attempt: Decodable { let outcome: String }

      let id: Int64
      let state: String
      let clip: String
      let message: String?
      let history: [Attempt]?
    }

    let total: Int
    let jobs: [Job]
  }

  private struct Report: Decodable {
    struct Collection: Decodable {
      let name: String
      let clips: Int
      let jobs: [String: Int]
    }

    let collections: [Collection]
    let pauses: [[String: String]]
  }

  /// Submits files that are no videos, whose names a terminal would act on.
  private func withJobs(
    _ count: Int, _ body: (Home, _ ids: [Int64]) async throws -> Void
  ) async throws {
    try await Home.with { home in
      let folder = home.file("clips")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for number in 0..<count {
        try Data("no video \(number)".utf8).write(
          to: URL(fileURLWithPath: folder + "/\(number) \u{1B}[31mred\nline.mp4"))
      }
      let submitted = try await home.run("submit", folder, "--collection", "bad")
      #expect(submitted.status == 0, "\(submitted.error)")
      let page = try await page(home)
      #expect(page.total == count)
      try await body(home, page.jobs.map(\.id))
    }
  }

  private func page(_ home: Home) async throws -> Page {
    let listed = try await home.run("jobs", "list", "--json")
    return try JSONDecoder().decode(Page.self, from: Data(listed.output.utf8))
  }

  @Test func `What failed is listed with its reason, and nothing acts on the terminal`()
    async throws
  {
    try await withJobs(3) { home, ids in
      let worked = try await home.run("work", "--drain", "--concurrency", "1")
      #expect(worked.status == 3, "\(worked.error)")
      let texts = [
        try await home.run("jobs", "list", "--state", "failed", "--limit", "2"),
        try await home.run("jobs", "show", "\(ids[0])"), try await home.run("status"),
      ]
      for text in texts {
        #expect(text.status == 0, "\(text.error)")
        #expect(!text.output.contains("\u{1B}"))
      }
      #expect(texts[0].output.contains("showing 2 of 3"))
      #expect(texts[0].output.split(separator: "\n").count == 4)
      #expect(texts[1].output.contains("is not a video"))
      #expect(texts[1].output.contains("ATTEMPT"))
      #expect(texts[2].output.contains("FAILED"))
      let shown = try await home.run("jobs", "show", "\(ids[0])", "--json")
      let job = try JSONDecoder().decode(Page.Job.self, from: Data(shown.output.utf8))
      #expect(job.history?.map(\.outcome) == ["error"])
      #expect(job.message?.contains("is not a video") == true)
    }
  }

  @Test func `Jobs are called off and tried again, by number and all at once`() async throws {
    try await withJobs(3) { home, ids in
      let one = try await home.run("jobs", "cancel", "\(ids[1])")
      #expect(one.status == 0 && one.output == "1 job is called off.\n")
      let again = try await home.run("jobs", "cancel", "\(ids[0])", "\(ids[1])", "987654")
      #expect(again.status == 3 && again.output == "1 job is called off.\n")
      #expect(again.error.contains("job \(ids[1]): it has ended (cancelled)."))
      #expect(again.error.contains("job 987654: unknown."))
      let none = try await home.run("jobs", "retry", "\(ids[2])")
      #expect(none.status == 2 && none.error.contains("it has not ended (waiting)"))
      #expect(try await home.states() == ["cancelled": 2, "waiting": 1])
      let other = try await home.run("jobs", "retry", "--all", "--collection", "other")
      #expect(other.output == "0 jobs wait again.\n")
      let all = try await home.run("jobs", "retry", "--all", "--collection", "bad", "--json")
      #expect(all.output.contains("\"changed\" : 2"))
      let rest = try await home.run("jobs", "cancel", "--all")
      #expect(rest.output == "3 jobs are called off.\n")
      #expect(try await home.states() == ["cancelled": 3])
    }
  }

  @Test func `A paused queue says so, and starts nothing until it goes on`() async throws {
    try await withJobs(1) { home, _ in
      let paused = try await home.run("queue", "pause")
      #expect(paused.status == 0 && paused.output.contains("0 running jobs go on"))
      let status = try await home.run("status")
      #expect(status.output.contains("Everything is paused"))
      let worker = try home.start("work", "--drain", "--concurrency", "1")
      var isKnown = false
      while !isKnown {
        isKnown = try await !home.run("status").output.contains("No worker is at work")
      }
      #expect(try await home.states() == ["waiting": 1])
      let resumed = try await home.run("queue", "resume")
      #expect(resumed.output == "The queue goes on.\n")
      worker.waitUntilExit()
      #expect(worker.terminationStatus == 3)
      #expect(try await home.states() == ["failed": 1])
    }
  }

  @Test func `Status is a document for machines, too`() async throws {
    try await withJobs(2) { home, _ in
      _ = try await home.run("queue", "pause", "--kind", "evaluate")
      let status = try await home.run("status", "--json", "--collection", "bad")
      let report = try JSONDecoder().decode(Report.self, from: Data(status.output.utf8))
      #expect(report.collections.map(\.name) == ["bad"])
      #expect(report.collections.first?.clips == 2)
      #expect(report.collections.first?.jobs == ["waiting": 2])
      #expect(report.pauses.first?["kind"] == "evaluate")
    }
  }

  @Test func `Status tells of clips whose jobs were queued for another collection`() async throws {
    try await withJobs(3) { home, _ in
      _ = try await home.run("submit", home.file("clips"), "--collection", "odd")
      let status = try await home.run("status", "--collection", "odd")
      #expect(
        status.output.contains("odd: 3 clips waiting for what was queued for the collection bad."),
        "\(status.output)")
      _ = try await home.run("jobs", "cancel", "--collection", "bad", "--all")
      let ended = try await home.run("status", "--collection", "odd")
      #expect(
        ended.output.contains("for the collection bad ended as cancelled; avu jobs show 1 says"),
        "\(ended.output)")
      let bad = try await home.run("status", "--collection", "bad")
      #expect(!bad.output.contains("depend"), "\(bad.output)")
    }
  }

  @Test func `What is not there, and what makes no sense, ends with status 2`() async throws {
    try await withJobs(1) { home, _ in
      for (arguments, reason) in [
        (["jobs", "show", "4711"], "no job 4711"), (["jobs", "show", "x"], "'x'"),
        (["jobs", "list", "--state", "lost"], "'lost'"), (["jobs", "retry"], "--all"),
        (["jobs", "cancel", "1", "--all"], "--all"),
        (["jobs", "cancel", "1", "--state", "waiting"], "--state"),
        (["jobs", "list", "--page", "0"], "--page"), (["queue", "pause", "--kind", "x"], "infer"),
        (["status", "--collection", "other"], "known: bad"),
        (["status", "--watch", "--json"], "--json"),
      ] {
        let result = try await Program.run(arguments, environment: home.environment)
        #expect(result.status == 2, "\(arguments)")
        #expect(result.error.contains(reason), "\(arguments): \(result.error)")
        #expect(result.output.isEmpty)
      }
    }
  }
}
