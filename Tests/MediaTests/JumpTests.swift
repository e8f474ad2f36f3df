import Testing

@testable import Media

/// Jumping over frames that nobody asked for.
@Suite(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
struct JumpTests {
  @Test(arguments: ["jump.mp4", "jump.mkv"])
  func `far times are reached without decoding what lies before`(_ name: String) throws {
    let media = try SampleMedia()
    let path = try media.video(name, count: 500, FrameTimeTests.x264 + ["-g", "25", "-bf", "2"])
    let cursor = try FrameCursor(path: path, threads: 1)
    let converter = PictureConverter(path: path, orientation: Orientation(), width: 192, height: 96)
    for time in [0.1, 8.5, 8.6, 19.7] {
      let before = cursor.decodedFrames
      let (frame, isNew) = try cursor.move(to: time)
      #expect(isNew)
      #expect(NumberedFrames.number(of: try converter.picture(of: frame)) == Int(time * 25 + 0.01))
      // At most two groups of 25 frames.
      #expect(cursor.decodedFrames - before <= 52, "\(cursor.decodedFrames - before) at \(time)")
    }
  }

  @Test(arguments: [
    ["-c:v", "libx264", "-preset", "fast", "-bf", "3"],
    ["-c:v", "libx264", "-preset", "fast", "-bf", "6", "-x264-params", "b-pyramid=none"],
    ["-c:v", "libx265", "-x265-params", "log-level=none:bframes=4:keyint=400"],
  ])
  func `frames that nobody needs are left out, and the others stay the same`(
    _ codec: [String]
  ) throws {
    let media = try SampleMedia()
    let path = media.path("moving.mkv")
    try media.ffmpeg(
      ["-f", "lavfi", "-i", "testsrc2=size=128x96:rate=25:duration=12", "-pix_fmt", "yuv420p"]
        + ["-g", "400"] + codec + [path])
    let all = try Self.pictures(of: path, at: (0..<300).map { (Double($0) + 0.5) / 25 })
    var random = SeededNumbers(seed: 11)
    for count in [4, 12, 40, 100] {
      let chosen = (0..<count).map { _ in Int.random(in: 0..<300, using: &random) }.sorted()
      let times = chosen.map { (Double($0) + 0.5) / 25 }
      #expect(try Self.pictures(of: path, at: times) == chosen.map { all[$0] })
    }
    let cursor = try FrameCursor(path: path, threads: 1)
    for second in 0..<12 { _ = try cursor.move(to: Double(second) + 0.5) }
    #expect(cursor.decodedFrames < 250, "\(cursor.decodedFrames) of 300")
  }

  private static func pictures(of path: String, at times: [Double]) throws -> [RGBImage] {
    var pictures: [RGBImage] = []
    try MediaReader(path: path).frames(at: times) { _, image in pictures.append(image) }
    return pictures
  }

  @Test func `an index that lies is not believed`() throws {
    let media = try SampleMedia()
    let path = try media.video("lie.mp4", count: 200, FrameTimeTests.x264 + ["-g", "25"])
    // Every frame is said to be a key frame: the list of those that are is renamed away.
    try media.replace("stss", with: "free", in: path)
    var numbers: [Int?] = []
    try MediaReader(path: path).frames(at: [0, 3.3, 3.4, 7.9]) { _, image in
      numbers.append(NumberedFrames.number(of: image))
    }
    #expect(numbers == [0, 82, 85, 197])
  }

  @Test func `a cut that begins between key frames begins there`() throws {
    let media = try SampleMedia()
    let whole = try media.video(
      "whole.mp4", count: 300, FrameTimeTests.x264 + ["-g", "25", "-bf", "2"])
    let path = media.path("cut.mp4")
    // Copied packets begin at the key frame before; an edit list hides what is too early.
    try media.ffmpeg(["-ss", "2.5", "-i", whole, "-c", "copy", path])
    let starts = try SampleMedia.times(of: path)
    let reader = try MediaReader(path: path)
    var numbers: [Int?] = []
    try reader.frames(at: starts) { _, image in numbers.append(NumberedFrames.number(of: image)) }
    #expect(numbers.first == 62 || numbers.first == 63)
    #expect(numbers == (numbers[0].map { Array($0..<300) } ?? []))
    let chosen = [3, 90, 91, 170, 236]
    var jumped: [Int?] = []
    try reader.frames(at: chosen.map { starts[$0] }) { _, image in
      jumped.append(NumberedFrames.number(of: image))
    }
    #expect(jumped == chosen.map { numbers[$0] })
  }

  @Test func `several threads give the same frames`() throws {
    let media = try SampleMedia()
    let path = try media.video(
      "threads.mp4", count: 50, size: (816, 512), FrameTimeTests.x264 + ["-g", "10", "-bf", "3"])
    var numbers: [Int?] = []
    try MediaReader(path: path, threads: 3).frames(at: [0, 0.3, 1.3, 1.34, 1.9, 99]) { _, image in
      numbers.append(NumberedFrames.number(of: image))
    }
    #expect(numbers == [0, 7, 32, 33, 47, 49])
  }
}
