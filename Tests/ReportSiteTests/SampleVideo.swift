import Foundation
import Media

/// A small real video, made by the ffmpeg program.
enum SampleVideo {
  /// Whether videos can be made here.
  static let isPossible = which("ffmpeg") != nil

  /// A program's path, or nil.
  static func which(_ program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Writes some seconds of picture and sound.
  ///
  /// - Parameters:
  ///   - path: The file; its extension chooses the container.
  ///   - codec: The picture's codec.
  ///   - seconds: How many.
  /// - Throws: An error when ffmpeg cannot be started.
  static func make(at path: String, codec: String = "libx264", seconds: Int = 4) throws {
    try ffmpeg([
      "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=10:duration=\(seconds)", "-f",
      "lavfi", "-i", "sine=frequency=440:duration=\(seconds)", "-c:v", codec, "-pix_fmt", "yuv420p",
      "-shortest", "file:" + path,
    ])
  }

  /// Writes sixty frames, each with its number as ten bars from left to right, the lowest bit first.
  ///
  /// - Parameters:
  ///   - path: The file; its extension chooses the container.
  ///   - rate: Frames in a second, as ffmpeg writes it.
  ///   - codec: The arguments that choose the codec.
  ///   - lead: Seconds of sound before the first frame; nil for a file without sound.
  /// - Throws: An error when ffmpeg cannot be started.
  static func makeBarcodes(
    at path: String, rate: String, _ codec: [String], lead: Double? = nil
  ) throws {
    let bars = "geq=lum='if(mod(floor(N/pow(2,floor(X/16))),2),235,16)':cb=128:cr=128"
    let picture = lead == nil ? path : path + ".picture.mp4"
    try ffmpeg(
      [
        "-f", "lavfi", "-i", "color=size=160x96:rate=\(rate):duration=4", "-vf", bars,
        "-frames:v", "60", "-pix_fmt", "yuv420p",
      ] + codec + ["file:" + picture])
    guard let lead else { return }
    try ffmpeg([
      "-itsoffset", "\(lead)", "-i", "file:" + picture, "-f", "lavfi", "-i", "sine=duration=1",
      "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "file:" + path,
    ])
  }

  private static func ffmpeg(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: which("ffmpeg") ?? "ffmpeg")
    process.arguments = ["-v", "quiet", "-y"] + arguments
    try process.run()
    process.waitUntilExit()
  }

  static func digest(of path: String) throws -> String { try ContentHash.sha256(ofFile: path) }
}
