import AVUModel
import ArgumentParser
import Foundation

/// Decoding beside the ffmpeg program: same pictures, same sound, same threads.
struct MediaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "media",
    abstract: "Time taking pictures and sound out of clips, beside the ffmpeg program.",
    discussion: """
      Measured is a process that opens a clip and writes one picture a second at the model's size \
      and the sound as 16 kHz mono: avu's way, and ffmpeg with options that choose and scale the \
      same frames. Both take turns. Beside the clips, VP9 and AV1 files are made of the last one.

      EXAMPLES:
        avu-bench media
        avu-bench media --clips samples --clips concert.mp4 --runs 15 --threads 1
      """)

  @Option(help: "The folder of the model, for the size of pictures and the rate of sound.")
  var model = "models/avuformer-lite"

  @Option(help: "A folder of clips (one folder each, with video.mp4) or a video; several times.")
  var clips: [String] = []

  @Option(help: "Where the results go.")
  var output = ".build/bench"

  @Option(help: "Numbers of threads.")
  var threads = [1, 2]

  @Option(help: "Measured rounds; one more comes before them.")
  var runs = 7

  /// Real clips of the Debian package forensics-samples-files, where it is installed.
  private static let installed = [
    "/usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4",
    "/usr/share/forensics-samples/original-files/movie2/movie-hello.mp4",
  ]

  func validate() throws {
    guard runs >= 1, !threads.isEmpty, threads.allSatisfy({ (1...1024).contains($0) }) else {
      throw ValidationError("--runs and --threads must be at least 1.")
    }
  }

  func run() throws {
    let folder = output + "/media"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let configuration = try ModelConfiguration(path: model + "/config.json")
    let files = try self.files(in: folder)
    let clips = try files.map { try MediaClip(path: $0, configuration: configuration) }
    var benchmark = MediaBenchmark(model: model, folder: folder, clips: clips)
    var report = BenchReport(machine: Machine(), commit: Program.commit())
    if benchmark.ffmpeg == nil { report.absent = ["ffmpeg (Debian package ffmpeg)"] }
    for count in threads { report.rows += try benchmark.rows(threads: count, runs: runs) }
    if let peer = benchmark.ffmpeg { report.agreement[peer] = "\(benchmark.agreement)" }
    print(report.table)
    let file = output + "/media.json"
    try report.json().write(to: URL(filePath: file))
    print("Written to \(file).")
  }

  private func files(in folder: String) throws -> [String] {
    let present = Self.installed.filter(FileManager.default.fileExists(atPath:))
    let files = try MediaClip.files(in: clips.isEmpty ? ["samples"] + present : clips)
    return try files + OtherCodecs(of: files[files.count - 1], in: folder).files()
  }
}

/// The same clip in the codecs that the web uses beside H.264.
private struct OtherCodecs {
  let clip: String
  let folder: String

  init(of clip: String, in folder: String) {
    self.clip = clip
    self.folder = folder
  }

  /// Makes the files that are not there yet; none without ffmpeg or its encoder.
  func files() throws -> [String] {
    let kinds = [
      ("vp9.mp4", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6", "-b:v", "1M"]),
      ("av1.mp4", ["-c:v", "libsvtav1", "-preset", "10", "-crf", "40"]),
    ]
    return kinds.compactMap { name, options in
      let source = URL(filePath: clip).deletingPathExtension().lastPathComponent
      let path = "\(folder)/\(source)-\(name)"
      if FileManager.default.fileExists(atPath: path) { return path }
      let arguments = ["-v", "error", "-nostdin", "-i", clip] + options + ["-c:a", "copy"]
      let isMade =
        (try? Program.output(of: "/usr/bin/env", ["ffmpeg"] + arguments + [path])) != nil
      return isMade ? path : nil
    }
  }
}
