import Foundation
import TestSupport
import Testing

/// `avu report build` and its options, by the program itself.
@Suite(.serialized) struct ReportBuildTests {
  private static let clips = "collections/clips/clips"

  @Test(.timeLimit(.minutes(3)))
  func `Jobs, media, formats and key frames act`() async throws {
    try await Home.with { home in
      try await Self.analyse(2, in: home)
      let build = { (site: String, options: [String]) in
        let arguments = ["report", "build", "--output", home.file(site)] + options
        let built = try await Program.run(arguments, environment: home.environment)
        #expect(built.status == 0, "\(options): \(built.error)")
      }
      try await build("copy", ["--jobs", "1"])
      try await build("many", ["--jobs", "5"])
      let copied = try Self.undatedFiles(home.file("copy"))
      #expect(try Self.undatedFiles(home.file("many")) == copied)
      let videos = copied.keys.filter { $0.hasSuffix(".mp4") }
      #expect(videos.count == 2)

      try await build("link", ["--media", "link"])
      let originals = try (0..<2).map { try Self.fileNumber(home.file("clips/clip-00\($0).mp4")) }
      let (linked, own) = try (
        videos.map { try Self.fileNumber(home.file("link/" + $0)) },
        videos.map { try Self.fileNumber(home.file("copy/" + $0)) }
      )
      #expect(Set(linked) == Set(originals) && Set(own).isDisjoint(with: originals))

      try await build("none", ["--media", "none", "--key-frames", "1"])
      let bare = try Self.undatedFiles(home.file("none"))
      #expect(!bare.keys.contains { $0.hasSuffix(".mp4") })
      let page = try #require(bare[Self.clips + "/clip-000/index.html"])
      let pictures = { (page: Data) in
        String(decoding: page, as: UTF8.self).components(separatedBy: "<figure>").count - 1
      }
      #expect(pictures(page) == 1)
      #expect(pictures(try #require(copied[Self.clips + "/clip-000/index.html"])) > 1)

      try await build("vp9", ["--media", "transcode", "--video-format", "vp9"])
      let other = try Self.undatedFiles(home.file("vp9")).keys
      #expect(other.count { $0.hasSuffix(".webm") } == 2)
      #expect(!other.contains { $0.hasSuffix(".mp4") })
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `Profiles give their files, and a host's limits are a gate`() async throws {
    try await Home.with { home in
      try await Self.analyse(1, in: home)
      let site = home.file("site")
      let estimate = try await home.run(
        "report", "build", "--output", site, "--profile", "packed", "--estimate")
      #expect(estimate.status == 0 && estimate.output.hasPrefix("1 clip: about "))
      #expect(!FileManager.default.fileExists(atPath: site))
      let packed = try await home.run(
        "report", "build", "--output", site, "--profile", "packed", "--host", "cloudflare-pages",
        "--json")
      #expect(packed.status == 0, "\(packed.error)")
      struct Built: Decodable { let files: Int, bytes: Int, hosts: [String: [String]] }
      let built = try JSONDecoder().decode(Built.self, from: Data(packed.output.utf8))
      let files = try Self.undatedFiles(site)
      #expect(files.keys.contains("pack/pages-0.js"))
      #expect(!files.keys.contains { $0.hasPrefix(Self.clips) })
      #expect(built.files == files.count + Self.dated.count && built.hosts["gitlab-pages"] == [])

      let single = home.file("one.html")
      let one = try await home.run(
        "report", "build", "--output", single, "--profile", "single-file", "--clip", "clip-000")
      #expect(one.status == 0, "\(one.error)")
      let file = try String(contentsOfFile: single, encoding: .utf8)
      #expect(file.contains("data:video/mp4;base64,"))

      for (options, word) in [
        (["--output", site, "--jobs", "0"], "--jobs"),
        (["--output", site, "--key-frames", "101"], "--key-frames"),
        (["--output", site, "--profile", "single-file"], ".html"),
        (["--output", site, "--clip", "clip-000"], "--profile single-file"),
        (["--output", site, "--host", "nowhere"], "cloudflare-pages"),
        (["--output", site, "--collection", "missing"], "clips"),
        (["--output", single, "--profile", "single-file", "--clip", "missing"], "clip-000"),
        (["--output", home.file("clips")], "no avu site"),
      ] {
        let refused = try await Program.run(
          ["report", "build"] + options, environment: home.environment)
        #expect(refused.status == 2 && refused.error.contains(word), "\(options): \(refused)")
      }
      #expect(try Self.undatedFiles(site) == files)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A killed build is gone on with, and gives the bytes of a new one`() async throws {
    try await Home.with { home in
      try home.makeClips(160, in: "clips")
      let submitted = try await home.run("submit", home.file("clips"), "--collection", "clips")
      #expect(submitted.status == 0, "\(submitted.error)")
      let (site, other) = (home.file("site"), home.file("other"))
      let begun = home.file(".site.building/\(Self.clips)")
      let first = try home.start("report", "build", "--output", site, "--media", "copy")
      // Until the first clips are noted.
      let notes = home.file(".site.building/manifest.txt")
      while first.isRunning, FileManager.default.contents(atPath: notes)?.isEmpty ?? true {
        try await Task.sleep(for: .milliseconds(2))
      }
      // While it goes on, another build of the site is refused.
      kill(first.processIdentifier, SIGSTOP)
      let second = try await home.run("report", "build", "--output", site)
      #expect(second.status == 1 && second.error.contains("Another build of \(site) is running"))
      kill(first.processIdentifier, SIGKILL)
      first.waitUntilExit()
      let left = Self.names(begun)
      #expect((32..<160).contains(left.count) && !FileManager.default.fileExists(atPath: site))
      let page = "\(begun)/\(try #require(left.min()))/index.html"
      let number = try Self.fileNumber(page)
      for folder in [site, other] {
        let built = try await home.run("report", "build", "--output", folder, "--media", "copy")
        #expect(built.status == 0, "\(built.error)")
      }
      #expect(try Self.undatedFiles(site) == Self.undatedFiles(other))
      #expect(try Self.fileNumber("\(site)/\(Self.clips)/clip-000/index.html") == number)
      #expect(Self.names(home.path).allSatisfy { !$0.hasSuffix(".building") })
    }
  }

  @Test(
    .enabled(if: SmallDisk.isPossible, "mounts a file system, so needs root"),
    .timeLimit(.minutes(2)))
  func `A full disk leaves the old site whole, in a sentence`() async throws {
    try await Home.with { home in
      try home.makeClips(24, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "clips")
      try await SmallDisk.with(megabytes: 4) { disk in
        let site = disk.path + "/site"
        let first = try await home.run("report", "build", "--output", site, "--media", "none")
        #expect(first.status == 0, "\(first.error)")
        let whole = try Self.undatedFiles(site)
        let second = try await home.run("report", "build", "--output", site, "--media", "copy")
        #expect(second.status == 1)
        let lines = second.error.split(separator: "\n").filter { $0.hasPrefix("avu: ") }
        #expect(lines.count == 1, "\(second.error)")
        #expect(second.error.contains("no space left on device"), "\(second.error)")
        #expect(second.error.contains("the old site is unchanged"), "\(second.error)")
        #expect(try Self.undatedFiles(site) == whole)
        #expect(Self.names(disk.path) == ["site"])
      }
    }
  }

  // MARK: Sites

  private static func analyse(_ count: Int, in home: Home) async throws {
    try home.makeClips(count, in: "clips")
    let submitted = try await home.run("submit", home.file("clips"), "--collection", "clips")
    #expect(submitted.status == 0, "\(submitted.error)")
    let worked = try await home.run("work", "--drain")
    #expect(worked.status == 0, "\(worked.error)")
  }

  /// What tells when the snapshot was taken.
  private static let dated: Set<String> = [
    "index.html", "site.json", "queue.html", "queue.json", "failures.atom", "collections.atom",
  ]

  /// All other files of a site, by path.
  private static func undatedFiles(_ site: String) throws -> [String: Data] {
    try FileManager.default.subpathsOfDirectory(atPath: site).reduce(into: [:]) { files, path in
      var isFolder: ObjCBool = false
      guard !dated.contains(path),
        FileManager.default.fileExists(atPath: "\(site)/\(path)", isDirectory: &isFolder),
        !isFolder.boolValue
      else { return }
      files[path] = try Data(contentsOf: URL(fileURLWithPath: "\(site)/\(path)"))
    }
  }

  private static func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  private static func fileNumber(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
  }
}
