import Foundation

/// avu's extraction of pictures and sound beside the ffmpeg program's, clip after clip.
///
/// Both are processes that start, open the file, decode, scale and write.
struct MediaBenchmark {
  let model: String
  let folder: String
  let clips: [MediaClip]

  /// Name and version of the peer, or nil when it is not installed.
  let ffmpeg: String?

  /// How many pictures both made alike, and how far apart the others are.
  private(set) var agreement = MediaAgreement()

  init(model: String, folder: String, clips: [MediaClip]) {
    self.model = model
    self.folder = folder
    self.clips = clips
    let said = try? Program.output(of: "/usr/bin/env", ["ffmpeg", "-version"])
    ffmpeg = said.map { "ffmpeg " + $0.split(separator: " ").dropFirst(2).prefix(1).joined() }
  }

  /// Measures; wall-clock seconds.
  ///
  /// - Parameters:
  ///   - threads: Threads of each.
  ///   - runs: Rounds that count; one more comes before them.
  /// - Returns: A row for each clip, and one for a mean clip.
  /// - Throws: ``BenchError`` when a program fails.
  mutating func rows(threads: Int, runs: Int) throws -> [BenchReport.Row] {
    var ours = clips.map { _ in [Double]() }
    var theirs = clips.map { _ in [Double]() }
    for run in 0...runs {
      for (index, clip) in clips.enumerated() {
        let (our, their) = (try runOurs(clip, threads), try runFFmpeg(clip, threads))
        if run == 0 {
          if ffmpeg != nil {
            try agreement.compare(ourFiles, theirFiles, hasSound: clip.hasSound)
          }
          continue
        }
        ours[index].append(our)
        if let their { theirs[index].append(their) }
      }
    }
    let rows = clips.indices.map { row(clips[$0].name, threads, ours[$0], theirs[$0]) }
    return rows + [row("mean of all clips", threads, Self.mean(ours), Self.mean(theirs))]
  }

  private func row(
    _ name: String, _ threads: Int, _ ours: [Double], _ theirs: [Double]
  ) -> BenchReport.Row {
    let peers = theirs.isEmpty ? [:] : [ffmpeg ?? "": Statistic(theirs)]
    return BenchReport.Row(
      name: name, unit: "s", better: "lower", threads: threads, ours: Statistic(ours), peers: peers)
  }

  /// The mean over clips of each round.
  private static func mean(_ clips: [[Double]]) -> [Double] {
    clips[0].indices.map { round in clips.reduce(0) { $0 + $1[round] } / Double(clips.count) }
  }

  private var ourFiles: MediaAgreement.Files {
    MediaAgreement.Files(pictures: folder + "/ours.rgb", sound: folder + "/ours.f32")
  }

  private var theirFiles: MediaAgreement.Files {
    MediaAgreement.Files(pictures: folder + "/ffmpeg.rgb", sound: folder + "/ffmpeg.f32")
  }

  private func runOurs(_ clip: MediaClip, _ threads: Int) throws -> Double {
    let files = ourFiles
    return try seconds(
      CommandLine.arguments[0],
      clip.ourArguments(
        threads: threads, model: model, pictures: files.pictures, sound: files.sound))
  }

  private func runFFmpeg(_ clip: MediaClip, _ threads: Int) throws -> Double? {
    guard ffmpeg != nil else { return nil }
    let files = theirFiles
    return try seconds(
      "/usr/bin/env",
      clip.ffmpegArguments(threads: threads, pictures: files.pictures, sound: files.sound))
  }

  private func seconds(_ program: String, _ arguments: [String]) throws -> Double {
    let clock = ContinuousClock()
    let began = clock.now
    _ = try Program.output(of: program, arguments)
    return (clock.now - began) / .seconds(1)
  }
}
