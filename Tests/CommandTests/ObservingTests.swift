import Foundation
import Subprocess
import SystemPackage
import Testing

/// What monitoring systems and log collectors get.
@Suite(.serialized) struct ObservingTests {
  private static let clip = Program.checkout + "/samples/dog-then-pigeon/video.mp4"
  private static let collection = "a \"quoted\" \\ name"

  @Test(.timeLimit(.minutes(2)))
  func `The queue's figures are printed, written and served as Prometheus reads them`() async throws
  {
    try await Home.with { home in
      let submitted = try await home.run("submit", Self.clip, "--collection", Self.collection)
      #expect(submitted.status == 0, "\(submitted.error)")
      let waiting =
        #"avu_jobs{collection="a \"quoted\" \\ name",kind="infer",state="waiting"} 1"#

      let printed = try await home.run("queue", "metrics")
      #expect(printed.status == 0, "\(printed.error)")
      #expect(printed.output.split(separator: "\n").contains { $0 == waiting }, "\(printed.output)")
      let line =
        /(# (HELP|TYPE) avu_\w+ .+|avu_\w+(\{(\w+="([^"\\]|\\.)*",?)+\})? -?[0-9.e+-]+)/
      for text in printed.output.split(separator: "\n") {
        #expect(text.wholeMatch(of: line) != nil, "\(text)")
      }

      let file = home.file("avu.prom")
      let written = try await home.run("queue", "metrics", "--file", file)
      #expect(written.status == 0 && written.output.isEmpty, "\(written.error)")
      #expect(try String(contentsOfFile: file, encoding: .utf8).contains(waiting))
      let missing = try await home.run("queue", "metrics", "--file", home.file("none/avu.prom"))
      #expect(missing.status != 0 && missing.error.contains("none/avu.prom"), "\(missing.error)")

      try await home.following("queue", "metrics", "--port", "0") { address in
        let url = try #require(URL(string: address))
        let port = try #require(url.port)
        let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let answer = try Answer(to: request, port: UInt16(port))
        #expect(answer.status == 200)
        #expect(answer.head.contains("Content-Type: text/plain; version=0.0.4"))
        #expect(answer.body.contains(waiting))
        let other = try Answer(to: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", port: UInt16(port))
        #expect(other.status == 404)
      }
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `A worker's log is JSON with job, attempt, host and trace`() async throws {
    try await Home.with { home in
      _ = try await home.run("submit", Self.clip, "--collection", "logged")
      let worked = try await home.run("work", "--drain", "--log", "json", "--verbose")
      #expect(worked.status == 0, "\(worked.error)")
      let lines = try worked.error.split(separator: "\n").map {
        try JSONDecoder().decode([String: String].self, from: Data($0.utf8))
      }
      let about = try #require(lines.first { $0["job"] != nil })
      #expect(about["level"] == "debug" && about["kind"] == "infer" && about["attempt"] == "1")
      #expect(about["host"]?.isEmpty == false)
      #expect(about["trace_id"]?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
      #expect(about["span_id"]?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
      #expect(about["time"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }
  }
}
