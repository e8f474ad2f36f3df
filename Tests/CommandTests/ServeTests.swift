import Foundation
import Testing

struct ServeTests {
  private let files: ClipFiles

  init() throws {
    files = try ClipFiles()
    try files.write("<h1>first page</h1>", to: "site/index.html")
    try files.write("<h1>a clip</h1>", to: "site/clips/d%C3%A9j%C3%A0 vu/index.html")
    try files.write("0123456789", to: "site/media/video.mp4")
    try files.write("private", to: "private.txt")
    try FileManager.default.createSymbolicLink(
      atPath: files.path + "/site/link.txt", withDestinationPath: files.path + "/private.txt")
  }

  /// Runs the server while `body` asks it.
  private func serving(_ body: (_ ask: (String) throws -> Answer) async throws -> Void) async throws
  {
    try await Program.following(["report", "serve", files.path + "/site", "--port", "0"]) {
      address in
      let port = try #require(URL(string: address)?.port)
      try await body { request in try Answer(to: request, port: UInt16(port)) }
    }
  }

  /// A request for a path.
  private func get(_ path: String, _ headers: String...) -> String {
    (["GET \(path) HTTP/1.1", "Host: 127.0.0.1"] + headers).joined(separator: "\r\n") + "\r\n\r\n"
  }

  @Test func `pages are served with their type, folders by their first page`() async throws {
    try await serving { ask in
      let first = try ask(get("/"))
      #expect(first.status == 200)
      #expect(first.head.contains("Content-Type: text/html; charset=utf-8"))
      #expect(first.body == "<h1>first page</h1>")
      let clip = try ask(get("/clips/d%25C3%25A9j%25C3%25A0%20vu"))
      #expect(clip.status == 301)
      #expect(clip.head.contains("Location: /clips/d%25C3%25A9j%25C3%25A0%20vu/\r\n"))
      let page = try ask(get("/clips/d%25C3%25A9j%25C3%25A0%20vu/?t=1"))
      #expect(page.body == "<h1>a clip</h1>")
      let nothing = try ask(get("/nothing.html"))
      #expect(nothing.status == 404)
      #expect(try ask(get("/index.html/")).status == 404)
      let head = try ask(get("/").replacing("GET", with: "HEAD"))
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(head.head.contains("Content-Length: 19\r\n"))
    }
  }

  private static let ranges: [(String, Int, String?, String?)] = [
    ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=7-", 206, "789", "bytes 7-9/10"),
    ("bytes=-2", 206, "89", "bytes 8-9/10"), ("bytes=5-99", 206, "56789", "bytes 5-9/10"),
    ("bytes=-99", 206, "0123456789", "bytes 0-9/10"), ("bytes=10-", 416, nil, "bytes */10"),
    ("bytes=4-2", 200, "0123456789", nil), ("bytes=0-1,4-5", 200, "0123456789", nil),
    ("bytes=99999999999999999999-", 416, nil, "bytes */10"), ("bytes=-0", 416, nil, "bytes */10"),
    ("bytes=8-99999999999999999999", 206, "89", "bytes 8-9/10"),
    ("frames=1-2", 200, "0123456789", nil),
  ]

  @Test(arguments: ranges)
  func `a player gets the bytes that it asks for`(
    _ range: String, _ status: Int, _ body: String?, _ place: String?
  ) async throws {
    try await serving { ask in
      let answer = try ask(get("/media/video.mp4", "Range: \(range)"))
      #expect(answer.status == status)
      if let body { #expect(answer.body == body) }
      if let place { #expect(answer.head.contains("Content-Range: \(place)\r\n")) }
    }
  }

  @Test(arguments: [
    "/../private.txt", "/%2e%2e/private.txt", "/clips/..%2f..%2fprivate.txt", "/link.txt",
    "//etc/passwd", "/%00", "/%ff", "/media",
  ])
  func `nothing outside of the site is served`(_ path: String) async throws {
    try await serving { ask in
      let answer = try ask(get(path))
      #expect(answer.status == 404 || answer.status == 301)
      #expect(!answer.body.contains("private") && !answer.body.contains("root:"))
    }
  }

  @Test func `requests that are none of a reader's are refused, and the next is answered`()
    async throws
  {
    try await serving { ask in
      let requests: [(String, Int?)] = [
        ("hello\r\n\r\n", nil), ("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        ("GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\n\r\n", 421), ("GET /" + String(repeating: "x", count: 40_000), nil),
        ("", nil), (get("/"), 200),
      ]
      for (request, status) in requests {
        let answer = try ask(request)
        #expect(answer.status == status, "\(request.prefix(40))")
      }
    }
  }

  @Test func `a folder without a site is refused with status 2`() async throws {
    let result = try await Program.run(["report", "serve", files.path, "--port", "0"])
    #expect(result.status == 2)
    #expect(result.error.contains(files.path))
  }
}

/// What a server on this machine says to the bytes of a request.
struct Answer {
  let status: Int?
  let head: String
  let body: String

  struct Unreachable: Error {}

  /// Sends a request and reads until the server ends the connection.
  init(to request: String, port: UInt16) throws {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(connection) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let isOpen = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isOpen else { throw Unreachable() }
    let bytes = Array(request.utf8)
    _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    shutdown(connection, Int32(SHUT_WR))
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(connection, &piece, piece.count, 0), count > 0 {
      answer += piece[..<count]
    }
    let text = String(decoding: answer, as: UTF8.self)
    let end = text.firstRange(of: "\r\n\r\n")
    head = end.map { String(text[..<$0.upperBound]) } ?? ""
    body = end.map { String(text[$0.upperBound...]) } ?? ""
    status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }
}
