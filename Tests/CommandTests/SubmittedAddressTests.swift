import Foundation
import TestSupport
import Testing

/// Videos that are named by address or in a list.
@Suite(.serialized) struct SubmittedAddressTests {
  private static let video = Program.checkout + "/samples/dog-then-pigeon/video.mp4"

  @Test(.timeLimit(.minutes(3)))
  func `A list with a video on the web is worked off`() async throws {
    let video = try Data(contentsOf: URL(fileURLWithPath: Self.video))
    let server = try WebServer(["/dogs/video.mp4?key=secret": WebServer.answer(video)])
    try await Home.with { home in
      let list = home.file("list.jsonl")
      try Data("{\"video\": \"\(server.address)/dogs/video.mp4?key=secret\"}\n".utf8)
        .write(to: URL(fileURLWithPath: list))
      let submitted = try await home.run("submit", list, "--collection", "web")
      #expect(submitted.status == 0, "\(submitted.error)")
      let worked = try await home.run("work", "--drain")
      #expect(worked.status == 0, "\(worked.error)")
      let jobs = try await home.run("jobs", "list", "--state", "done", "--json")
      #expect(jobs.output.contains("\"done\""), "\(jobs.output)")
      #expect(server.requests.count == 2)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A file that changes on the web after it was submitted is refused`() async throws {
    let video = try Data(contentsOf: URL(fileURLWithPath: Self.video))
    try await Home.with { home in
      let server = try WebServer(["/clip.mp4?secret": WebServer.answer(video)])
      let submitted = try await home.run(
        "submit", server.address + "/clip.mp4?secret", "--collection", "web")
      #expect(submitted.status == 0, "\(submitted.error)")
      server.change("/clip.mp4?secret", to: WebServer.answer(video + Data(count: 64)))
      _ = try await home.run("work", "--drain")
      let jobs = try await home.run("jobs", "list", "--state", "failed")
      #expect(jobs.output.contains("has changed since it was submitted"), "\(jobs.output)")
      #expect(!jobs.output.contains("secret"))
    }
  }

  @Test func `What the web does not give is listed`() async throws {
    let server = try WebServer([:])
    try await Home.with { home in
      let submitted = try await home.run(
        "submit", server.address + "/clip.mp4", "--collection", "web")
      #expect(submitted.status == 2)
      #expect(submitted.error.contains("/clip.mp4 cannot be fetched"))
      let none = try await home.run("submit", "https://", "--collection", "web")
      #expect(none.status == 2)
      #expect(none.error.contains("is no address"), "\(none.error)")
    }
  }
}
