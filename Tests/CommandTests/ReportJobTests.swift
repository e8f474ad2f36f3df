import Foundation
import Testing

/// Sites that workers build: when a collection has ended, and again and again.
@Suite struct ReportJobTests {
  private struct Page: Decodable {
    struct Job: Decodable {
      let id: Int64
      let state: String
      let kind: String
    }

    let jobs: [Job]
  }

  private func sites(_ home: Home) async throws -> [Page.Job] {
    let listed = try await home.run("jobs", "list", "--kind", "report", "--json")
    return try JSONDecoder().decode(Page.self, from: Data(listed.output.utf8)).jobs
  }

  @Test(.timeLimit(.minutes(10)))
  func `A site is built when the last of a collection has ended`() async throws {
    try await Home.with { home in
      let clip = Program.checkout + "/samples/dog-then-pigeon"
      let submitted = try await home.run(
        "submit", clip, "--collection", "dogs", "--truth", Program.checkout + "/samples",
        "--report", "dogs")
      #expect(submitted.status == 0, "\(submitted.error)")
      // Who has no place for sites leaves them, and ends.
      let worked = try await home.run("work", "--drain", "--concurrency", "1")
      #expect(worked.status == 0, "\(worked.error)")
      #expect(try await sites(home).map(\.state) == ["waiting"])
      let built = try await home.run("work", "--drain", "--sites", home.file("www"))
      #expect(built.status == 0, "\(built.error)")
      let page = try String(contentsOfFile: home.file("www/dogs/index.html"), encoding: .utf8)
      #expect(page.contains("dogs"))
      let shown = try await home.run("jobs", "show", "\(try await sites(home)[0].id)")
      #expect(shown.output.contains("www/dogs/index.html"), "\(shown.output)")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `A site is built again and again, and a bad one says why`() async throws {
    try await Home.with { home in
      let added = try await home.run(
        "queue", "schedule", "add", "hourly", "--every", "1h", "--report", "all")
      #expect(added.status == 0, "\(added.error)")
      _ = try await home.run("report", "queue", "none", "--collection", "unheard-of")
      for _ in 0..<10 where try await sites(home).count(where: { $0.state != "waiting" }) < 2 {
        _ = try await home.run(
          "work", "--drain", "--concurrency", "1", "--sites", home.file("www"))
      }
      #expect(Set(try await sites(home).map(\.state)) == ["done", "failed"])
      #expect(FileManager.default.fileExists(atPath: home.file("www/all/index.html")))
      let failed = try await home.run("jobs", "list", "--state", "failed")
      #expect(failed.output.contains("no collection “unheard-of”"), "\(failed.output)")
    }
  }

  @Test(arguments: [
    ["report", "queue", "../up"], ["report", "queue", ".hidden"], ["report", "queue", ""],
    ["submit", "a.mp4", "--collection", "c", "--report", "a/b"],
    ["queue", "schedule", "add", "x", "--every", "1h", "--report", "s", "--older-than", "2h"],
    ["queue", "schedule", "add", "x", "--every", "1h", "--collection", "c"],
  ])
  func `What is no name of a site is a mistake of usage`(arguments: [String]) async throws {
    let refused = try await Program.run(arguments, environment: ["AVU_HOME": "/nonexistent"])
    #expect(refused.status == 2, "\(refused.output)")
  }
}
