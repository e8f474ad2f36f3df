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
    let found = try VideoDiscovery([folder.bytes]).found
    #expect(found.map(\.clip.text) == ["x", "b"])
  }

  @Test func `A clip folder gives its name to its video`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Data(), name: "dog-barks/video.mp4")
    _ = try folder.write(Data(), name: "violin/video.webm")
    let found = try VideoDiscovery([folder.bytes]).found
    #expect(found.map(\.clip.text) == ["dog-barks", "violin"])
  }

  @Test func `A named file is taken whatever it is, once`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Data(), name: "no video.txt")
    let found = try VideoDiscovery([
      try #require(file.path), folder.bytes + Array("/./no video.txt".utf8),
    ]).found
    #expect(found.map(\.clip.text) == ["no video"])
  }

  @Test func `Names that are no text are found`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Data(), name: [0x61, 0xFF, 0x0A] + Array(".mp4".utf8))
    let found = try VideoDiscovery([folder.bytes]).found
    #expect(found.map(\.location) == [file])
    #expect(found.map(\.clip.text) == ["a%FF_"])
  }

  @Test func `What is missing or empty is refused`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Data(), name: "readme.txt")
    #expect(throws: WorkerError.self) { try VideoDiscovery([folder.bytes]) }
    #expect(throws: WorkerError.self) {
      try VideoDiscovery([folder.bytes + Array("/gone.mp4".utf8)])
    }
  }

  @Test func `One bad entry does not keep the others back`() throws {
    let folder = try TemporaryFolder()
    for name in ["one/clip.mp4", "two/clip.mkv", "three/clip.mp4", "good.mp4"] {
      _ = try folder.write(Data(), name: name)
    }
    mkfifo(folder.path + "/pipe.mp4", 0o644)
    symlink(".", folder.path + "/again")
    let discovery = try VideoDiscovery([folder.bytes])
    #expect(discovery.found.map(\.clip.text) == ["good"])
    #expect(discovery.problems.count == 1)
    let words = discovery.problems.map(\.description).joined()
    for part in ["one/clip.mp4", "three/clip.mp4", "1 more", "“clip”"] {
      #expect(words.contains(part), "\(words)")
    }
  }

  @Test func `A pipe is no video, and nobody waits for it`() throws {
    let folder = try TemporaryFolder()
    mkfifo(folder.path + "/pipe.mp4", 0o644)
    #expect(throws: WorkerError.self) { try VideoDiscovery([folder.bytes]) }
    let pipe = folder.bytes + Array("/pipe.mp4".utf8)
    #expect(throws: WorkerError.self) { try VideoDiscovery([pipe]) }
    #expect(throws: WorkerError.self) { try MediaLocation(path: pipe).withOpenPath { _ in } }
  }
}
