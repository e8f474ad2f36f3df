import Annotations
import Foundation
import Testing

@testable import Workers

@Suite struct VideoDiscoveryTests {
  @Test func `Folders are searched for videos in the order of names`() throws {
    let folder = try TemporaryFolder()
    for name in ["b.mp4", "a/x.MKV", "a/notes.txt", ".hidden.mp4", "c.jpg", "a/.git/y.mp4"] {
      _ = try folder.write(Data(), name: name)
    }
    let found = try VideoDiscovery.find(in: [folder.bytes])
    #expect(found.map(\.clip.text) == ["x", "b"])
  }

  @Test func `A clip folder gives its name to its video`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Data(), name: "dog-barks/video.mp4")
    _ = try folder.write(Data(), name: "violin/video.webm")
    let found = try VideoDiscovery.find(in: [folder.bytes])
    #expect(found.map(\.clip.text) == ["dog-barks", "violin"])
  }

  @Test func `A named file is taken whatever it is, once`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Data(), name: "no video.txt")
    let found = try VideoDiscovery.find(in: [
      file.path, folder.bytes + Array("/./no video.txt".utf8),
    ])
    #expect(found.map(\.clip.text) == ["no video"])
  }

  @Test func `Names that are no text are found`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Data(), name: [0x61, 0xFF, 0x0A] + Array(".mp4".utf8))
    let found = try VideoDiscovery.find(in: [folder.bytes])
    #expect(found.map(\.location) == [file])
    #expect(found.map(\.clip.text) == ["a__"])
  }

  @Test func `What is missing, empty or ambiguous is refused`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Data(), name: "readme.txt")
    #expect(throws: WorkerError.self) { try VideoDiscovery.find(in: [folder.bytes]) }
    #expect(throws: WorkerError.self) {
      try VideoDiscovery.find(in: [folder.bytes + Array("/gone.mp4".utf8)])
    }
    _ = try folder.write(Data(), name: "one/clip.mp4")
    _ = try folder.write(Data(), name: "two/clip.mkv")
    let error = #expect(throws: WorkerError.self) {
      try VideoDiscovery.find(in: [folder.bytes])
    }
    #expect(error?.description.contains("one/clip.mp4") ?? false)
    #expect(error?.description.contains("two/clip.mkv") ?? false)
  }
}
