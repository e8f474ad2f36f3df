import AVUModel
import Foundation
import Media

/// Some frames of a clip with their sound, as the model takes them.
struct BenchClip {
  let name: String
  let frames: [FrameInput]

  /// The clips of a folder, in the order of their names; all of them where none is named.
  static func all(
    in folder: String, named wanted: [String], model: String, frames: Int
  ) throws -> [BenchClip] {
    let configuration = try ModelConfiguration(path: model + "/config.json")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let clips = try names.filter { wanted.isEmpty || wanted.contains($0) }.map {
      ($0, "\(folder)/\($0)/video.mp4")
    }
    .filter { FileManager.default.fileExists(atPath: $0.1) }
    .map { try BenchClip(name: $0.0, path: $0.1, frames: frames, configuration) }
    guard !clips.isEmpty else { throw BenchError.noClips(folder: folder) }
    return clips
  }

  /// Decodes the middles of equal parts of a clip, and the second around each.
  private init(
    name: String, path: String, frames count: Int, _ configuration: ModelConfiguration
  ) throws {
    let reader = try MediaReader(path: path)
    let step = reader.info.duration / Double(count)
    let times = (0..<count).map { (Double($0) + 0.5) * step }
    let seconds = times.map { $0 - 0.5 }
    let range =
      AVUFormer.soundRange(second: seconds[0])
      .lowerBound..<AVUFormer.soundRange(second: seconds[seconds.count - 1]).upperBound
    let sound = SoundWindow(
      samples: try SoundReader(path: path, sampleRate: configuration.sampleRate).samples(range),
      start: range.lowerBound)
    var frames: [FrameInput] = []
    try reader.frames(
      at: times, width: configuration.imageWidth, height: configuration.imageHeight
    ) { index, picture in
      frames.append(FrameInput(picture: picture.pixels, second: seconds[index], sound: sound))
    }
    self.name = name
    self.frames = frames
  }

  /// The same for another program: raw pictures and samples, and what they are.
  func writeForPeers(into folder: String) throws -> PeerClip {
    let (pictures, sound) = ("\(folder)/\(name).u8", "\(folder)/\(name).f32")
    try Data(frames.flatMap(\.picture)).write(to: URL(filePath: pictures))
    try frames[0].sound.samples.withUnsafeBytes {
      try Data($0).write(to: URL(filePath: sound))
    }
    return PeerClip(
      name: name, pictures: pictures, sound: sound, start: frames[0].sound.start,
      seconds: frames.map(\.second))
  }
}

/// Where a peer finds a clip.
struct PeerClip: Encodable {
  let name: String
  let pictures: String
  let sound: String
  let start: Int
  let seconds: [Double]
}
