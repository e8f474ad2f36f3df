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

  @Test func `several threads give the same frames`() throws {
    let media = try SampleMedia()
    let path = try media.video("threads.mp4", count: 200, FrameTimeTests.x264 + ["-g", "25"])
    var numbers: [Int?] = []
    try MediaReader(path: path, threads: 3).frames(at: [0, 0.5, 3.3, 3.4, 7.9, 99]) { _, image in
      numbers.append(NumberedFrames.number(of: image))
    }
    #expect(numbers == [0, 12, 82, 85, 197, 199])
  }
}
