import AVUModel
import ArgumentParser
import Foundation
import Media

/// What avu takes out of a clip before the model runs, in a process of its own.
struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Write a clip's pictures and sound as the model takes them; “media” times this.",
    shouldDisplay: false)

  @Argument(help: "The clip.")
  var clip: String

  @Option(help: "The folder of the model, for the size of pictures and the rate of sound.")
  var model = "models/avuformer-lite"

  @Option(help: "Threads for decoding.")
  var threads = 1

  @Option(help: "Where the pictures go: packed RGB, one after the other.")
  var pictures: String

  @Option(help: "Where the sound goes: 32-bit floats.")
  var sound: String

  /// Samples that are asked for together: as for a batch of frames.
  private static let together = 8

  func run() throws {
    let configuration = try ModelConfiguration(path: model + "/config.json")
    let reader = try MediaReader(path: clip, threads: threads)
    let (pictureFile, soundFile) = (try file(pictures), try file(sound))
    let heard = try SoundReader(path: clip, sampleRate: configuration.sampleRate)
    let times = MediaMoments.times(duration: reader.info.duration)
    let step = Self.together * configuration.sampleRate
    var next = 0
    try reader.frames(
      at: times, width: configuration.imageWidth, height: configuration.imageHeight
    ) { index, picture in
      try pictureFile.write(contentsOf: picture.pixels)
      guard (index + 1) % Self.together == 0 || index + 1 == times.count else { return }
      let end = min(next + step, Int(reader.info.duration * Double(configuration.sampleRate)))
      try heard.samples(next..<max(next, end)).withUnsafeBytes {
        try soundFile.write(contentsOf: Data($0))
      }
      next = max(next, end)
    }
  }

  private func file(_ path: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else {
      throw BenchError.failed(program: "avu-bench extract", reason: "\(path) cannot be written")
    }
    return file
  }
}

/// The moments that avu looks at in a clip: the middle of each second.
enum MediaMoments {
  static func times(duration: Double) -> [Double] {
    (0..<max(1, Int(duration.rounded()))).map { Double($0) + 0.5 }
  }
}
