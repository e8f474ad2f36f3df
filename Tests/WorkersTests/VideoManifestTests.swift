import Annotations
import Foundation
import Testing

@testable import Workers

/// Lists of videos.
@Suite struct VideoManifestTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.mp4", "sub/b.mp4", "c d.mp4"] { _ = try folder.write(Data(), name: name) }
  }

  private func discover(_ text: String, in name: String) throws -> VideoDiscovery {
    try VideoDiscovery([try #require(try folder.write(Data(text.utf8), name: name).path)])
  }

  @Test func `JSON Lines name files, addresses and ids`() throws {
    let found = try discover(
      """
      {"video": "a.mp4", "id": "first", "camera": 3}

      {"path": "\(folder.path)/sub/./b.mp4"}
      {"url": "https://example.org/x/video.mp4?key=1"}
      """, in: "list.jsonl"
    ).found
    #expect(found.map(\.clip.text) == ["first", "b", "x"])
    #expect(
      found.map(\.location.text) == [
        "file://\(folder.path)/a.mp4", "file://\(folder.path)/sub/b.mp4",
        "https://example.org/x/video.mp4?key=1",
      ])
  }

  @Test func `CSV has a header line, quotes and Windows line ends`() throws {
    let found = try discover(
      "\u{FEFF}id,video,note\r\none,\"c d.mp4\",\"a, \"\"b\"\"\"\r\n,a.mp4,\r\n", in: "list.csv"
    ).found
    #expect(found.map(\.clip.text) == ["one", "a"])
  }

  @Test func `CSV may have semicolons, and capitals in its header line`() throws {
    for list in ["Video;ID\na.mp4;one\nc d.mp4;two\n", " ID , Path \none,a.mp4\ntwo,c d.mp4\n"] {
      #expect(try discover(list, in: "list.csv").found.map(\.clip.text) == ["one", "two"])
    }
  }

  @Test func `A bad line is listed, and the others are taken`() throws {
    let discovery = try discover(
      """
      {"video": "a.mp4"}
      {"video": "gone.mp4"}
      not JSON
      {"id": "nothing"}
      {"video": "sub/b.mp4", "id": "../b"}
      {"video": "sub"}
      """, in: "list.jsonl")
    #expect(discovery.found.map(\.clip.text) == ["a"])
    let words = discovery.problems.map(\.description)
    #expect(words.count == 5, "\(words)")
    for part in ["gone.mp4", "line 3", "line 4", "line 5", "it is no file"] {
      #expect(words.contains { $0.contains(part) }, "\(part): \(words)")
    }
  }

  @Test(arguments: [
    ("list.csv", "name,file\nx,a.mp4\n"), ("list.csv", ""), ("list.jsonl", ""),
  ])
  func `A list without videos is refused`(name: String, text: String) throws {
    #expect(throws: WorkerError.self) { try discover(text, in: name) }
  }

  @Test func `Bytes that are no text are refused`() throws {
    let file = try folder.write(Data([0xFF, 0xFE, 0x0A]), name: "list.csv")
    let path = try #require(file.path)
    #expect(throws: WorkerError.self) { try VideoDiscovery([path]) }
  }

  @Test func `Two videos of one id are both left out`() throws {
    let discovery = try discover(
      "video,id\na.mp4,x\nsub/b.mp4,x\nc d.mp4,y\n", in: "list.csv")
    #expect(discovery.found.map(\.clip.text) == ["y"])
    #expect(discovery.problems.count == 1)
  }
}
