import Annotations
import Evaluation
import Foundation
import Testing

@testable import ReportSite

/// The site in a real browser, by double-click.
///
/// Needs ffmpeg, Chromium, and a Python with playwright: the one that `AVU_TEST_PYTHON` names, that
/// of the checkout (`make test` makes it), or `python3`.
@Suite(
  .enabled(if: Browser.isPossible, "skipped, needs ffmpeg, chromium and playwright for Python"))
struct BrowserTests {
  @Test(.timeLimit(.minutes(5)))
  func `Every page works from a file, with a strict policy and no request`() async throws {
    let folder = try TestFolder()
    let (reports, snapshot) = try Self.records(in: folder)
    _ = try await folder.generator.build(snapshot, source: SampleSource(reports))
    let (status, output) = try Browser.check(site: folder.site)
    #expect(status == 0, "\(output)")
  }

  @Test(.timeLimit(.minutes(3)))
  func `Packed sites and single files do the same, also from a folder with spaces in its name`()
    async throws
  {
    let folder = try TestFolder()
    let (reports, snapshot) = try Self.records(in: folder)
    let place = "a stick/with its own #1 folder"
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(place)", withIntermediateDirectories: true)
    try await folder.publish(reports, .packed, to: place + "/site", snapshot: snapshot)
    var demo = snapshot
    demo.collections = [snapshot.collections[0]]
    try await folder.publish(reports, .singleFile, to: place + "/all.html", snapshot: demo)
    demo.collections[0].clips = [reports[0].id]
    try await folder.publish(
      reports, .singleFile, to: place + "/one.html", clip: reports[0].id, snapshot: demo)
    let (status, output) = try Browser.check(
      site: "\(folder.path)/\(place)", with: "check_packed.py")
    #expect(status == 0, "\(output)")
  }

  @Test(.timeLimit(.minutes(3)))
  func `What users come for takes them few clicks`() async throws {
    let folder = try TestFolder()
    let video = folder.path + "/clip.mp4"
    try SampleVideo.make(at: video, seconds: 8)
    let digest = try SampleVideo.digest(of: video)
    let reports = try (0..<9).map { number in
      var report = SampleRecords.done(try ClipID("clip-\(number)"), video: video)
      let isViolin = number % 3 == 0
      report.truth?.category = isViolin ? "violin" : "drum"
      report.metrics = SampleRecords.metrics(0.2 + 0.05 * Double(number))
      report.prediction?.clip.sha256 = digest
      report.prediction?.clip.duration = 8
      if number == 0 { report.prediction?.frames[2].sounding = false }
      return report
    }
    var snapshot = SampleRecords.snapshot(reports)
    let ids = reports.map(\.id.text)
    snapshot.collections[0].runs = SampleRecords.runs
    var figures = SampleRecords.report(ids)
    figures.byCategory = ["violin": SampleRecords.metrics(0.35, clips: 3)]
    snapshot.collections[0].report = figures
    let place = "a USB stick/for my colleague"
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(place)", withIntermediateDirectories: true)
    try await folder.publish(reports, .full, to: place + "/site", snapshot: snapshot)
    let (status, output) = try Browser.check(
      site: "\(folder.path)/\(place)/site", with: "check_tasks.py")
    #expect(status == 0, "\(output)")
  }

  /// Clips of all states, with names and sentences that would break out of a page.
  static func records(
    in folder: TestFolder
  ) throws -> (reports: [ClipReport], snapshot: SiteSnapshot) {
    let video = folder.path + "/clip.mp4"
    let old = folder.path + "/old.avi"
    try SampleVideo.make(at: video)
    try SampleVideo.make(at: old, codec: "mpeg2video")
    let nasty = "</script> \"quoted\" {{x}} \u{202E}👩‍👩‍👧"
    var web = SampleRecords.done(try ClipID("web"))
    web.web = .init(address: "https://videos.example.org/a%27b.mp4", isComplete: true)
    web.metrics = SampleRecords.metrics(0.6)
    web.job?.tries = SampleRecords.attempts
    var one = SampleRecords.done(try ClipID("one"), video: video)
    one.otherRuns = [SampleRecords.otherRun(one.id)]
    one.prediction?.frames[2].objects.append(
      .init(category: "drum", score: 0.7, mask: SampleRecords.box(10, 60, 20)))
    let reports = [
      one,
      SampleRecords.done(ClipID(fileName: nasty), video: old, sentence: nasty),
      SampleRecords.failed(try ClipID("bad")), SampleRecords.waiting(try ClipID("later")), web,
      SampleRecords.failed(try ClipID("bad"), in: nasty),
    ]
    var snapshot = SampleRecords.snapshot(reports, summary: "A collection of **made-up** records.")
    snapshot.collections[0].runs = SampleRecords.runs
    return (reports, snapshot)
  }
}

/// The site in a second engine, whose rules for files are its own.
@Suite(
  .enabled(
    if: Browser.isFirefoxPossible,
    "skipped, needs ffmpeg, firefox-esr and websocket-client for Python"))
struct FirefoxTests {
  @Test(.timeLimit(.minutes(2)))
  func `A list and a clip's page work in Firefox, too`() async throws {
    let folder = try TestFolder()
    let (reports, snapshot) = try BrowserTests.records(in: folder)
    _ = try await folder.generator.build(snapshot, source: SampleSource(reports))
    let (status, output) = try Browser.check(
      site: folder.site, with: "check_firefox.py", in: Browser.firefox)
    #expect(status == 0, "\(output)")
  }
}

/// What pages load of their own, all scripts together although no page loads all.
@Suite struct AssetSizeTests {
  @Test(arguments: [("js", 25 << 10), ("css", 12 << 10)])
  func `Scripts and style sheets stay small`(ending: String, most: Int) throws {
    let assets = try SiteAssets(folder: TestFolder.project + "/public")
    let folder = try TestFolder()
    let file = folder.path + "/asset"
    let bytes = try assets.contents(endingIn: ending).reduce(0) { sum, content in
      try SiteFile.write(content, to: file)
      return try sum + compressed(file)
    }
    #expect(bytes > 1000 && bytes <= most, "\(ending): \(bytes) bytes")
  }

  private func compressed(_ path: String) throws -> Int {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-9", "-n", "-c", path]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data.count
  }
}

/// Frames that tell their number, so that a page that shows another one than it was asked for is found.
@Suite(
  .enabled(if: Browser.isPossible, "skipped, needs ffmpeg, chromium and playwright for Python"))
struct FrameAccuracyTests {
  @Test(.timeLimit(.minutes(3)))
  func `Every frame that is asked for is the one that is shown`() async throws {
    let folder = try TestFolder()
    let h264 = ["-c:v", "libx264", "-bf", "3"]
    let vp9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime"]
    let videos: [(name: String, rate: String, fps: Double, arguments: [String], lead: Double?)] = [
      ("h264-25", "25", 25, h264, nil), ("h264-60", "60", 60, h264, nil),
      ("h264-29.97", "30000/1001", 30000.0 / 1001, h264, nil),
      ("h264-23.976", "24000/1001", 24000.0 / 1001, ["-c:v", "libx264", "-g", "12"], nil),
      ("vp9-30", "30", 30, vp9 + ["-cpu-used", "8"], nil),
      // Sound before the picture, by half a frame and by what is no multiple of a frame.
      ("h264-late", "25", 25, h264, 0.5),
      ("h264-29.97-late", "30000/1001", 30000.0 / 1001, h264, 0.31),
    ]
    var reports: [ClipReport] = []
    for video in videos {
      let path = folder.path + "/\(video.name)" + (video.name.hasPrefix("vp9") ? ".webm" : ".mp4")
      try SampleVideo.makeBarcodes(
        at: path, rate: video.rate, video.arguments, lead: video.lead)
      var report = SampleRecords.done(try ClipID(video.name), in: "frames", video: path)
      report.prediction?.clip.fps = video.fps
      report.prediction?.clip.duration = (video.lead ?? 0) + 60 / video.fps
      reports.append(report)
    }
    try await folder.build(reports)
    let (status, output) = try Browser.check(site: folder.site, with: "check_frames.py")
    #expect(status == 0, "\(output)")
  }
}

/// The browser check as a program.
enum Browser {
  static let python: String? = {
    if let named = ProcessInfo.processInfo.environment["AVU_TEST_PYTHON"] { return named }
    let own = TestFolder.project + "/.build/venv/bin/python"
    return FileManager.default.isExecutableFile(atPath: own) ? own : SampleVideo.which("python3")
  }()

  static let chromium = SampleVideo.which("chromium")

  static let firefox = SampleVideo.which("firefox-esr") ?? SampleVideo.which("firefox")

  static let isFirefoxPossible: Bool = {
    guard SampleVideo.isPossible, firefox != nil else { return false }
    return (try? run(["-c", "import websocket"]).status) == 0
  }()

  static let isPossible: Bool = {
    guard SampleVideo.isPossible, chromium != nil else { return false }
    return (try? run(["-c", "import playwright"]).status) == 0
  }()

  static func check(
    site: String, with program: String = "check_site.py", in browser: String? = chromium
  ) throws -> (status: Int32, output: String) {
    let script = TestFolder.project + "/Tests/ReportSiteTests/Browser/" + program
    return try run([script, site, browser ?? ""])
  }

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: python ?? "python3")
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
