import Foundation
import Testing

/// Files that are no good video, each with one clear sentence and the right exit status.
@Suite struct BadVideoTests {
  @Test(arguments: [
    ("empty.mp4", Data()), ("text.mp4", Data("This is no video.\n".utf8)),
    ("noise.mkv", Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })),
    ("playlist.mp4", Data("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n".utf8)),
  ])
  func `What is no video is refused by its name`(name: String, content: Data) async throws {
    try await Home.with { home in
      let file = home.file(name)
      try content.write(to: URL(fileURLWithPath: file))
      let result = try await home.run("infer", file, "--output", home.file("out"))
      #expect(result.status == 2)
      #expect(result.error.contains(name), "\(result.error)")
      #expect(!result.error.contains("/proc/"), "\(result.error)")
      #expect(!FileManager.default.fileExists(atPath: home.file("out")))
    }
  }

  @Test func `A truncated file gives what there is, or is refused`() async throws {
    try await Home.with { home in
      let original = try Data(
        contentsOf: URL(fileURLWithPath: Program.checkout + "/samples/dog-then-pigeon/video.mp4"))
      for (name, share) in [("head.mp4", 0.01), ("half.mp4", 0.5), ("most.mp4", 0.95)] {
        let cut = original.prefix(Int(Double(original.count) * share))
        try cut.write(to: URL(fileURLWithPath: home.file(name)))
        let result = try await home.run("infer", home.file(name), "--output", home.file("out"))
        #expect([0, 2].contains(result.status), "\(result.error)")
        #expect(result.status == 0 || result.error.contains(name), "\(result.error)")
        if name == "most.mp4" { #expect(result.error.contains("is cut off"), "\(result.error)") }
      }
    }
  }

  @Test func `Missing files, empty folders and unknown models are mistakes of usage`() async throws
  {
    try await Home.with { home in
      let folder = home.file("folder")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let out = home.file("out")
      let missing = try await home.run("infer", home.file("gone.mp4"), "--output", out)
      #expect(missing.status == 2)
      #expect(missing.error.contains("gone.mp4"))
      let empty = try await home.run("submit", folder, "--collection", "c")
      #expect(empty.status == 2)
      #expect(empty.error.contains("holds no video file"))
      let model = try await home.run("infer", folder, "--output", out, "--model", "../x")
      #expect(model.status == 2)
      #expect(model.error.contains("avuformer-lite"))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `Bad videos fail with their reason, good ones of odd names are done`() async throws {
    try await Home.with { home in
      let folder = home.file("videos")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let good = Program.checkout + "/samples/watch-beside-pigeon/video.mp4"
      let odd = ["it's \"quoted\" & spaced", "line\nbreak", "émoji 👩‍👩‍👧", "-n; rm -rf"]
      for name in odd {
        try FileManager.default.copyItem(atPath: good, toPath: "\(folder)/\(name).mp4")
      }
      let raw =
        Array(folder.utf8).map(CChar.init(bitPattern:)) + [47, 97, -1, 98]
        + Array(".mp4".utf8).map(CChar.init(bitPattern:)) + [0]
      #expect(link(good, raw) == 0 || symlink(good, raw) == 0)
      try Data("no video".utf8).write(to: URL(fileURLWithPath: folder + "/broken.mp4"))
      try FileManager.default.copyItem(atPath: good, toPath: folder + "/deleted.mp4")
      let other =
        try Data(contentsOf: URL(fileURLWithPath: good)) + Data([0, 0, 0, 8]) + Data("free".utf8)
      try other.write(to: URL(fileURLWithPath: folder + "/deleted.mp4"))

      let submitted = try await home.run("submit", folder, "--collection", "odd <names>")
      #expect(submitted.status == 0, "\(submitted.error)")
      try FileManager.default.removeItem(atPath: folder + "/deleted.mp4")
      let worked = try await home.run("work", "--drain")
      #expect(worked.status == 3, "\(worked.output) \(worked.error)")
      // The same content under five names is one job.
      #expect(try await home.states() == ["done": 1, "failed": 2])
      let built = try await home.run("report", "build", "--output", home.file("site"))
      #expect(built.status == 0, "\(built.error)")
      let pages = try Self.pages(in: home.file("site"))
      #expect(pages.values.count { $0.contains("broken.mp4") && $0.contains("not a video") } >= 1)
      #expect(pages.values.contains { $0.contains("deleted.mp4") && $0.contains("cannot be read") })
    }
  }

  @Test func `Files of one name are listed and left out, the others go on`() async throws {
    try await Home.with { home in
      for folder in ["a", "b", "c"] { try home.makeClips(1, in: "videos/" + folder) }
      try home.makeClips(3, in: "videos")
      let submitted = try await home.run("submit", home.file("videos"), "--collection", "c")
      // clip-000 is there four times, clip-001 and clip-002 once.
      #expect(submitted.status == 3, "\(submitted.error)")
      #expect(submitted.output.contains("2 clips"))
      #expect(submitted.error.contains("“clip-000”") && submitted.error.contains("2 more"))
      let only = try await home.run(
        "infer", home.file("videos/a"), home.file("videos/b"), "--output", home.file("out"))
      #expect(only.status == 2)
      #expect(only.error.contains("videos/a/clip-000.mp4"))
      #expect(only.error.contains("videos/b/clip-000.mp4"))
    }
  }

  private static func pages(in site: String) throws -> [String: String] {
    var pages: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: site)
    where name.hasSuffix("index.html") {
      pages[name] = try String(contentsOfFile: site + "/" + name, encoding: .utf8)
    }
    return pages
  }
}
