import Foundation
import Testing

@testable import Workers

@Suite struct MediaLocationTests {
  @Test(arguments: [
    Array("/a/b.mp4".utf8), Array("/with space/it's \"quoted\"/line\nbreak.mp4".utf8),
    [UInt8]("/ü/".utf8) + [0xFF, 0xFE] + Array(".mp4".utf8), Array("/100%25/%2F.mp4".utf8),
  ])
  func `Any path survives its text form, which is plain ASCII`(path: [UInt8]) {
    let text = MediaLocation(path: path).text
    #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    #expect(MediaLocation(text: text)?.path == path)
  }

  @Test(arguments: [
    "", "/a.mp4", "file://host/a", "ftp://x/a.mp4", "file:///a%0", "file:///a%00b",
  ])
  func `Other texts are refused`(text: String) {
    #expect(MediaLocation(text: text) == nil)
  }

  @Test func `A file is read under any name`() throws {
    let folder = try TemporaryFolder()
    for name in [[UInt8]("it's \"a\"\nb.mp4".utf8), [0x61, 0xFF, 0x62]] {
      let location = try folder.write(Data("content".utf8), name: name)
      let data = try location.withOpenPath { FileManager.default.contents(atPath: $0) }
      #expect(data == Data("content".utf8))
      #expect(!location.shown.unicodeScalars.contains("\n"))
    }
  }
}
