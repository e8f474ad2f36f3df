import Media
import Testing

/// Which frame is shown when: every container has its own traps.
@Suite(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
struct FrameTimeTests {
  /// One way to make a file.
  struct Kind: CustomTestStringConvertible, Sendable {
    let name: String
    var options: [String] = []
    var size = (192, 96)
    var testDescription: String { name }
  }

  static let kinds = [
    Kind(name: "b-frames.mp4", options: x264 + ["-bf", "3", "-g", "12"]),
    Kind(
      name: "open-gop.mp4",
      options: x264 + ["-bf", "3", "-g", "10", "-x264-params", "open-gop=1:b-adapt=0"]),
    Kind(
      name: "uneven.mkv",
      options: x264 + ["-vf", "setpts=(N+N*N/40)*0.04/TB", "-vsync", "passthrough", "-g", "9"]),
    Kind(
      name: "refresh.mp4",
      options: x264 + ["-g", "20", "-x264-params", "intra-refresh=1:bframes=0"]),
    Kind(name: "vp9.webm", options: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-g", "15"]),
    Kind(name: "mpeg4.avi", options: ["-c:v", "mpeg4", "-q:v", "3", "-g", "12"]),
    Kind(name: "mpeg4-b.avi", options: ["-c:v", "mpeg4", "-q:v", "3", "-g", "12", "-bf", "2"]),
    Kind(
      name: "offset.ts", options: x264 + ["-bf", "2", "-g", "12", "-output_ts_offset", "7.5"]),
    Kind(name: "late.mkv", options: x264 + ["-output_ts_offset", "3.25", "-g", "12"]),
    Kind(name: "mpeg2.mpg", options: ["-c:v", "mpeg2video", "-q:v", "3", "-bf", "2", "-g", "12"]),
    Kind(
      name: "hevc.mp4", options: ["-c:v", "libx265", "-x265-params", "log-level=none:keyint=16"]),
    Kind(name: "odd.mkv", options: ["-c:v", "ffv1"], size: (161, 97)),
    Kind(name: "flash.flv", options: ["-c:v", "flv", "-q:v", "3", "-g", "12"]),
    Kind(name: "theora.ogv", options: ["-c:v", "libtheora", "-q:v", "8", "-g", "12"]),
    Kind(name: "small.gif", options: []),
  ]

  static let x264 = ["-c:v", "libx264", "-preset", "fast", "-pix_fmt", "yuv420p"]

  @Test(arguments: kinds)
  func `the frame at a time is the last one that begins by then`(_ kind: Kind) throws {
    let media = try SampleMedia()
    let path = try media.video(kind.name, size: kind.size, kind.options)
    // These files do not say of every frame when it is shown.
    let starts =
      ["mpeg4-b.avi", "mpeg2.mpg"].contains(kind.name)
      ? (0..<100).map { Double($0) / 25 } : try SampleMedia.times(of: path)
    try #require(starts.count == 100)
    let reader = try MediaReader(path: path)
    #expect(reader.info.video?.width == kind.size.0)
    #expect(reader.info.video?.height == kind.size.1)
    let end = (starts.last ?? 0) + 1
    var random = SeededNumbers(seed: 7)
    for count in [3, 10, 60, 400] {
      let times = (0..<count).map { _ in Double.random(in: -0.1...end, using: &random) }.sorted()
      try check(reader, starts, times)
    }
    try check(reader, starts, starts)
    try check(reader, starts, [end + 1000])
  }

  private func check(_ reader: MediaReader, _ starts: [Double], _ times: [Double]) throws {
    var numbers: [Int?] = []
    try reader.frames(at: times) { index, image in
      #expect(index == numbers.count)
      numbers.append(NumberedFrames.number(of: image))
    }
    let expected = times.map { time in
      max(0, (starts.firstIndex { $0 > time + 2e-6 } ?? starts.count) - 1)
    }
    #expect(numbers == expected)
  }
}

/// The same numbers in every run.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
