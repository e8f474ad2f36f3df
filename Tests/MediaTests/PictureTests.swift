import Foundation
import Media
import Testing

/// What a frame looks like when it is given out.
@Suite(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
struct PictureTests {
  /// A stored picture's filter, and the display matrix that undoes it.
  static let turns: [(filter: String, matrix: [Int32])] = [
    ("null", [1, 0, 0, 1]), ("transpose=clock", [0, -1, 1, 0]), ("hflip,vflip", [-1, 0, 0, -1]),
    ("transpose=cclock", [0, 1, -1, 0]), ("hflip", [-1, 0, 0, 1]), ("vflip", [1, 0, 0, -1]),
    ("transpose=cclock_flip", [0, 1, 1, 0]), ("transpose=clock_flip", [0, -1, -1, 0]),
  ]

  @Test(arguments: turns.indices)
  func `a turned or mirrored video is shown upright`(_ index: Int) throws {
    let media = try SampleMedia()
    let (filter, matrix) = Self.turns[index]
    let path = try media.video(
      "turned.mp4", count: 9, FrameTimeTests.x264 + ["-vf", filter, "-movflags", "+faststart"])
    try Self.setMatrix(matrix, of: path)
    let reader = try MediaReader(path: path)
    #expect(reader.info.video?.width == 192)
    #expect(reader.info.video?.height == 96)
    var numbers: [Int?] = []
    try reader.frames(at: [0, 0.1, 0.3]) { _, image in
      #expect(image.width == 192 && image.height == 96)
      numbers.append(NumberedFrames.number(of: image))
    }
    #expect(numbers == [0, 2, 7])
  }

  /// Writes the four whole numbers of a display matrix into a track's header.
  private static func setMatrix(_ matrix: [Int32], of path: String) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let header = try #require(data.range(of: Data("tkhd".utf8)))
    // 4 bytes version and flags, 20 of times and number, 16 of layer and volume.
    let start = header.upperBound + 40
    for (place, value) in zip([0, 4, 12, 16], matrix) {
      let bytes = withUnsafeBytes(of: (value * 65536).bigEndian) { Data($0) }
      data.replaceSubrange(start + place..<start + place + 4, with: bytes)
    }
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func `a rotation that ffmpeg noted is undone as ffmpeg does`() throws {
    let media = try SampleMedia()
    let plain = try media.video("plain.mp4", count: 4, FrameTimeTests.x264)
    let path = media.path("noted.mp4")
    try media.ffmpeg(["-i", plain, "-c", "copy", "-metadata:s:v", "rotate=90", path])
    try media.ffmpeg([
      "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24",
      media.path("a.raw"),
    ])
    let expected = [UInt8](try Data(contentsOf: URL(fileURLWithPath: media.path("a.raw"))))
    try MediaReader(path: path).frames(at: [0]) { _, image in
      #expect(image.width == 96 && image.height == 192)
      try #require(expected.count == image.pixels.count)
      let off = zip(expected, image.pixels).map { abs(Int($0) - Int($1)) }
      #expect(Double(off.reduce(0, +)) / Double(off.count) < 6)
    }
  }

  @Test func `pixels that are not square are stretched`() throws {
    let media = try SampleMedia()
    let wide = try media.video("wide.mkv", count: 2, ["-c:v", "ffv1", "-vf", "setsar=16/11"])
    let high = try media.video("high.mkv", count: 2, ["-c:v", "ffv1", "-vf", "setsar=1/2"])
    #expect(try MediaReader(path: wide).info.video?.width == 279)
    #expect(try MediaReader(path: wide).info.video?.height == 96)
    #expect(try MediaReader(path: high).info.video?.width == 192)
    #expect(try MediaReader(path: high).info.video?.height == 192)
    try MediaReader(path: wide).frames(at: [1]) { _, image in
      #expect(image.width == 279 && image.height == 96)
      #expect(NumberedFrames.number(of: image) == 1)
    }
  }

  @Test func `shrinking averages areas`() throws {
    let media = try SampleMedia()
    let path = media.path("checks.mkv")
    // Columns of black and white in turn: only an average is gray.
    try media.ffmpeg([
      "-f", "lavfi", "-i", "nullsrc=s=256x128:r=1:d=2,format=gray,geq=lum='255*mod(X,2)'", "-c:v",
      "ffv1", "-pix_fmt", "gbrp", path,
    ])
    try MediaReader(path: path).frames(at: [0], width: 32, height: 16) { _, image in
      #expect(image.width == 32 && image.height == 16)
      #expect(image.pixels.allSatisfy { (124...131).contains($0) })
    }
  }

  @Test(arguments: [("bt601.mkv", "smpte170m", "tv"), ("bt709.mkv", "bt709", "tv")])
  func `colours come out as they went in`(_ name: String, _ matrix: String, _ range: String) throws
  {
    let media = try SampleMedia()
    let path = media.path(name)
    try media.ffmpeg([
      "-f", "lavfi", "-i", "color=c=0xC83264:s=64x64:r=1:d=1,format=gbrp", "-vf",
      "scale=out_color_matrix=\(matrix):out_range=\(range),format=yuv444p", "-c:v", "ffv1",
      "-colorspace", matrix, "-color_range", range, path,
    ])
    try MediaReader(path: path).frames(at: [0]) { _, image in
      let middle = image.pixels[(32 * 64 + 32) * 3..<(32 * 64 + 33) * 3].map(Int.init)
      #expect(zip(middle, [0xC8, 0x32, 0x64]).allSatisfy { abs($0 - $1) <= 3 }, "\(middle)")
    }
  }

  @Test func `one frame is shown at every time`() throws {
    let media = try SampleMedia()
    let path = try media.video("one.mp4", count: 1, FrameTimeTests.x264)
    let reader = try MediaReader(path: path)
    #expect(abs(reader.info.duration - 0.04) < 0.001)
    #expect(reader.info.audio == nil)
    var count = 0
    try reader.frames(at: [-1, 0, 0, 5]) { _, image in
      #expect(NumberedFrames.number(of: image) == 0)
      count += 1
    }
    #expect(count == 4)
  }

  @Test func `no time asks for no picture, and an error of the caller ends the reading`() throws {
    struct Enough: Error {}
    let media = try SampleMedia()
    let path = try media.video("short.mp4", count: 5, FrameTimeTests.x264)
    let reader = try MediaReader(path: path)
    try reader.frames(at: []) { _, _ in Issue.record("a picture nobody asked for") }
    var count = 0
    #expect(throws: Enough.self) {
      try reader.frames(at: [0, 0.1]) { _, _ in
        count += 1
        throw Enough()
      }
    }
    #expect(count == 1)
  }
}
