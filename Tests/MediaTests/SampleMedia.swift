import Foundation
import Testing

/// Real media files, made by the ffmpeg program in a folder of their own.
final class SampleMedia {
  /// Whether files can be made here.
  static let isPossible = which("ffmpeg") != nil && which("ffprobe") != nil

  /// What a suite says when they cannot.
  static let need: Comment = "skipped, needs ffmpeg"

  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/avu-media-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  /// Runs ffmpeg.
  func ffmpeg(_ arguments: [String]) throws {
    _ = try Self.run("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments)
  }

  /// A video of numbered frames.
  ///
  /// - Parameters:
  ///   - name: The file; its extension chooses the container.
  ///   - count: Frames.
  ///   - size: Width and height.
  ///   - inputs: More inputs, such as sound.
  ///   - options: How to encode.
  /// - Returns: The path.
  /// - Throws: When ffmpeg fails.
  func video(
    _ name: String, count: Int = 100, size: (Int, Int) = (192, 96), inputs: [String] = [],
    _ options: [String]
  ) throws -> String {
    let raw = path("frames.raw")
    try NumberedFrames.raw(count: count, width: size.0, height: size.1)
      .write(to: URL(fileURLWithPath: raw))
    try ffmpeg(
      ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(size.0)x\(size.1)", "-r", "25", "-i", raw]
        + inputs + options + [path(name)])
    return path(name)
  }

  /// Renames a box of an MP4 file.
  func replace(_ name: String, with other: String, in path: String) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let place = try #require(data.range(of: Data(name.utf8)))
    data.replaceSubrange(place, with: Data(other.utf8))
    try data.write(to: URL(fileURLWithPath: path))
  }

  /// When each frame is shown, from the file's first picture or sound, according to ffprobe.
  static func times(of path: String) throws -> [Double] {
    let text = try run(
      "ffprobe",
      [
        "-v", "error", "-select_streams", "v:0", "-show_entries",
        "frame=best_effort_timestamp_time", "-of", "csv=p=0", path,
      ])
    let zero = try number(path, "format=start_time")
    return text.split(whereSeparator: \.isNewline).compactMap { line in
      line.split(separator: ",").first.flatMap { Double($0) }.map { $0 - zero }
    }
  }

  /// One number that ffprobe tells.
  static func number(_ path: String, _ entry: String) throws -> Double {
    let text = try run(
      "ffprobe", ["-v", "error", "-show_entries", entry, "-of", "csv=p=0", path])
    return try #require(Double(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  private static func which(_ program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try #require(which(program)))
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    return String(decoding: data, as: UTF8.self)
  }
}
