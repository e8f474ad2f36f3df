import AVUModel
import Foundation
import Media

/// A clip that pictures and sound are taken out of, by avu and by the ffmpeg program.
struct MediaClip {
  let name: String
  let path: String
  private let moments: Int
  let hasSound: Bool
  private let configuration: ModelConfiguration

  init(path: String, configuration: ModelConfiguration) throws {
    let url = URL(filePath: path)
    let reader = try MediaReader(path: path)
    let base = url.deletingPathExtension().lastPathComponent
    let clip = base == "video" ? url.deletingLastPathComponent().lastPathComponent : base
    name = "\(clip) (\(Self.kind(of: reader.info)))"
    self.path = path
    self.configuration = configuration
    moments = MediaMoments.times(duration: reader.info.duration).count
    hasSound = reader.info.audio != nil
  }

  private static func kind(of info: MediaInfo) -> String {
    guard let video = info.video else { return "no picture" }
    return "\(video.codec) \(video.width)×\(video.height), \(Int(info.duration.rounded())) s"
  }

  /// Files in folders of clips, and files that are named.
  static func files(in places: [String]) throws -> [String] {
    try places.flatMap { place in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
        throw BenchError.noClips(folder: place)
      }
      guard isFolder.boolValue else { return [place] }
      let names = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
      let files = names.map { "\(place)/\($0)/video.mp4" }
        .filter(FileManager.default.fileExists(atPath:))
      guard !files.isEmpty else { throw BenchError.noClips(folder: place) }
      return files
    }
  }

  /// The arguments with which ffmpeg makes the same pictures and the same sound.
  ///
  /// The filter gives the last frame that begins at or before the middle of each second, as avu;
  /// the scaler, the resampler and their settings are avu's, too.
  func ffmpegArguments(threads: Int, pictures: String, sound: String) -> [String] {
    let (width, height) = (configuration.imageWidth, configuration.imageHeight)
    let filter =
      "setpts=PTS-0.5/TB,fps=1:round=up:start_time=0,scale=\(width):\(height):"
      + "flags=area+accurate_rnd+full_chroma_int+full_chroma_inp"
    let resampler =
      "aresample=\(configuration.sampleRate):ochl=mono:osf=flt:rematrix_maxval=1:first_pts=0"
    let heard = ["-map", "0:a:0", "-af", resampler, "-f", "f32le", sound]
    return [
      "ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "\(threads)", "-i", path,
      "-map", "0:v:0", "-vf", filter, "-frames:v", "\(moments)", "-pix_fmt", "rgb24",
      "-f", "rawvideo", pictures,
    ] + (hasSound ? heard : [])
  }

  /// The arguments of “avu-bench extract”.
  func ourArguments(threads: Int, model: String, pictures: String, sound: String) -> [String] {
    [
      "extract", path, "--threads", "\(threads)", "--model", model, "--pictures", pictures,
      "--sound", sound,
    ]
  }
}
