import Foundation
import TestSupport
import Testing

/// Videos whose disk or server is away for a while.
@Suite struct AbsentStorageTests {
  private static let video = Program.checkout + "/samples/dog-then-pigeon/video.mp4"

  private struct Page: Decodable {
    struct Job: Decodable {
      let state: String
      let attempts: Int
      let wait_reason: String?
    }

    let jobs: [Job]
  }

  /// Lets a worker begin while the video is away, brings it back when the job says what it waits for,
  /// and waits for the worker to end.
  private func wait(_ home: Home, for reason: String, _ comeBack: () throws -> Void) async throws {
    let worker = try home.start("work", "--drain", "--concurrency", "1")
    var found: Page.Job?
    repeat {
      try await Task.sleep(for: .milliseconds(300))
      let listed = try await home.run("jobs", "list", "--json")
      found = try JSONDecoder().decode(Page.self, from: Data(listed.output.utf8)).jobs.first
    } while found?.wait_reason == nil && found?.state != "failed" && worker.isRunning
    #expect(found?.wait_reason?.contains(reason) == true, "\(String(describing: found))")
    #expect(found?.attempts == 0)
    let text = try await home.run("jobs", "list")
    #expect(text.output.contains("again in") || text.output.contains("running"), "\(text.output)")
    try comeBack()
    worker.waitUntilExit()
    #expect(try await home.states() == ["done": 1])
  }

  @Test(.timeLimit(.minutes(10)))
  func `A job waits for a folder that is away, and is done when it is back`() async throws {
    try await Home.with { home in
      try home.makeClips(1, in: "disk")
      let submitted = try await home.run("submit", home.file("disk"), "--collection", "c")
      #expect(submitted.status == 0, "\(submitted.error)")
      let manager = FileManager.default
      try manager.moveItem(atPath: home.file("disk"), toPath: home.file("away"))
      // As a place where nothing is mounted.
      try manager.createDirectory(atPath: home.file("disk"), withIntermediateDirectories: false)
      try await wait(home, for: home.file("disk")) {
        try manager.removeItem(atPath: home.file("disk"))
        try manager.moveItem(atPath: home.file("away"), toPath: home.file("disk"))
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `A job waits for a server that is out of order`() async throws {
    let answer = WebServer.answer(try Data(contentsOf: URL(fileURLWithPath: Self.video)))
    let server = try WebServer(["/clip.mp4": answer])
    try await Home.with { home in
      let submitted = try await home.run(
        "submit", server.address + "/clip.mp4", "--collection", "c")
      #expect(submitted.status == 0, "\(submitted.error)")
      server.change(
        "/clip.mp4",
        to: Data("HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
      try await wait(home, for: "clip.mp4 cannot be fetched") {
        server.change("/clip.mp4", to: answer)
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `A folder that stays away is given up`() async throws {
    try await Home.with { home in
      try home.makeClips(1, in: "disk")
      _ = try await home.run("submit", home.file("disk"), "--collection", "c")
      _ = try await home.run("queue", "policy", "set", "--errors", "1")
      try FileManager.default.removeItem(atPath: home.file("disk"))
      let worked = try await home.run("work", "--drain", "--wait-for-storage", "0s")
      #expect(worked.status == 3, "\(worked.error)")
      let listed = try await home.run("jobs", "list", "--state", "failed")
      #expect(listed.output.contains("is not there or empty"), "\(listed.output)")
    }
  }
}
