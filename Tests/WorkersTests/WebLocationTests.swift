import Foundation
import Media
import TestSupport
import Testing

@testable import Workers

/// Videos on the web.
@Suite struct WebLocationTests {
  private static let content = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 7) })

  private func server() throws -> WebServer {
    try WebServer([
      "/a%20b.mp4?key=secret": WebServer.answer(Self.content),
      "/moved.mp4": WebServer.redirection(to: "/a%20b.mp4?key=secret"),
      "/file.mp4": WebServer.redirection(to: "file:///etc/hostname"),
      "/short.mp4": WebServer.answer(Self.content.prefix(1000), length: 300_000),
    ])
  }

  private func content(at address: String) throws -> Data? {
    let location = try #require(MediaLocation(text: address))
    return try location.withOpenPath { FileManager.default.contents(atPath: $0) }
  }

  @Test func `A file is downloaded, redirections included`() throws {
    let server = try server()
    #expect(try content(at: server.address + "/a%20b.mp4?key=secret") == Self.content)
    #expect(try content(at: server.address + "/moved.mp4") == Self.content)
    #expect(server.requests.count == 3)
  }

  @Test(arguments: ["/gone.mp4", "/short.mp4", "/file.mp4"])
  func `What is not given whole is an error that may pass`(path: String) throws {
    let server = try server()
    let error = #expect(throws: MediaError.self) { try content(at: server.address + path) }
    guard case .cannotFetch(let address, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(address == server.address + path)
    #expect(error?.isPermanent == false)
  }

  @Test func `A server that is not there is named`() throws {
    let error = #expect(throws: MediaError.self) {
      try content(at: "http://127.0.0.1:1/a.mp4")
    }
    #expect(error?.description.contains("http://127.0.0.1:1/a.mp4 cannot be fetched") == true)
  }

  @Test func `Secrets of an address stay out of messages`() throws {
    let text = "https://me:word@example.org:8443/videos/a%20b.mp4?signature=abc"
    let location = try #require(MediaLocation(text: text))
    #expect(location.text == text)
    #expect(location.shown == "https://example.org:8443/videos/a%20b.mp4")
    #expect(location.stem == Array("a b".utf8))
    #expect(location.path == nil)
  }

  @Test(arguments: [
    "http://", "https:///a.mp4", "http://host", "http://host/", "ftp://host/a.mp4",
    "http://host/a b.mp4", "http://host/ü.mp4", "http://host/a\n.mp4",
  ])
  func `Other texts are no addresses`(text: String) {
    #expect(WebAddress(text) == nil)
  }
}
