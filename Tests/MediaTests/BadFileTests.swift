import Foundation
import Media
import Testing

/// Files that are no videos, broken ones, and hostile ones.
@Suite(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
struct BadFileTests {
  private func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func `what is no media is named so`() throws {
    let media = try SampleMedia()
    let missing = media.path("missing.mp4")
    #expect(throws: MediaError.cannotOpen(path: missing, reason: "no such file or directory")) {
      try MediaReader(path: missing)
    }
    let directory = MediaError.cannotOpen(
      path: media.folder, reason: "it is a directory, not a file")
    #expect(throws: directory) { try MediaReader(path: media.folder) }
    #expect(throws: directory) { try SoundReader(path: media.folder) }
    let path = media.path("clip.mp4")
    var random = SeededNumbers(seed: 1)
    let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let text = Array("The quick brown fox jumps over the lazy dog.\n".utf8)
    for content in [[], [0], [UInt8](repeating: 0, count: 70_000), text, noise] {
      try write(content, to: path)
      #expect(throws: MediaError.notMedia(path: path)) { try MediaReader(path: path) }
      #expect(throws: MediaError.notMedia(path: path)) { try SoundReader(path: path) }
    }
  }

  @Test func `a device or pipe is refused without waiting for it`() throws {
    let media = try SampleMedia()
    let pipe = media.path("pipe.mp4")
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [pipe, "/dev/zero"] {
      let error = MediaError.cannotOpen(path: path, reason: "it is not a regular file")
      #expect(throws: error) { try MediaReader(path: path) }
      #expect(throws: error) { try ContentHash.sha256(ofFile: path) }
      #expect(throws: error) { try PNGCodec.decodeMask(path: path) }
    }
  }

  @Test func `a picture under a video's name is refused`() throws {
    let media = try SampleMedia()
    for (codec, kind) in [("png", "image2"), ("mjpeg", "image2"), ("bmp", "image2")] {
      let picture = media.path("picture.mp4")
      try media.ffmpeg([
        "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-frames:v", "1", "-c:v", codec, "-f", kind,
        "-update", "1", picture,
      ])
      #expect(throws: MediaError.unsupportedContainer(path: picture)) {
        try MediaReader(path: picture)
      }
    }
  }

  @Test func `a playlist cannot make other files or addresses be opened`() throws {
    let media = try SampleMedia()
    let victim = try media.video("victim.ts", count: 30, FrameTimeTests.x264)
    let playlists = [
      "list.m3u8":
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.2,\n\(victim)\n#EXT-X-ENDLIST\n",
      "web.m3u8":
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.2,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
      "list.ffconcat": "ffconcat version 1.0\nfile '\(victim)'\n",
      "list.mpd": """
      <?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" \
      mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-main:2011"><Period>\
      <AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>\(victim)\
      </BaseURL></Representation></AdaptationSet></Period></MPD>
      """,
      "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        + "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    ]
    for (name, text) in playlists {
      for path in [media.path(name), media.path(name + ".mp4")] {
        try write(text.utf8, to: path)
        let error = #expect(throws: MediaError.self) { try MediaReader(path: path) }
        let refusals = [MediaError.unsupportedContainer(path: path), .notMedia(path: path)]
        #expect(error.map(refusals.contains) == true, "\(name): \(String(describing: error))")
      }
    }
  }

  @Test func `a header that claims a huge picture is refused`() throws {
    let media = try SampleMedia()
    let small = try media.video("small.gif", count: 2, size: (64, 64), [])
    let path = media.path("huge.gif")
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: small)))
    bytes.replaceSubrange(6..<10, with: [0x20, 0x4E, 0x20, 0x4E])
    try write(bytes, to: path)
    let tooLarge = MediaError.frameTooLarge(path: path, width: 20_000, height: 20_000)
    #expect(throws: tooLarge) {
      try MediaReader(path: path).frames(at: [0]) { _, _ in }
    }
  }

  @Test(arguments: ["ffv1.mkv", "mjpeg.avi", "h264.mp4"])
  func `a container that claims a huge picture is refused`(_ name: String) throws {
    let media = try SampleMedia()
    let codec = name.hasPrefix("h264") ? "libx264" : String(name.prefix(4).prefix { $0 != "." })
    let path = try media.video(
      name, count: 2, size: (4660, 32), ["-c:v", codec == "mjpe" ? "mjpeg" : codec])
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    // The width, 0x1234, becomes 0x7FFF and the height, 32, 0x7FFF, wherever both stand together.
    let patterns: [([UInt8], [UInt8])] = [
      ([0xB0, 0x82, 0x12, 0x34, 0xBA, 0x81, 0x20], [0xB0, 0x82, 0x7F, 0xFF, 0xBA, 0x81, 0xFF]),
      ([0x34, 0x12, 0, 0, 0x20, 0, 0, 0], [0xFF, 0x7F, 0, 0, 0xFF, 0x7F, 0, 0]),
      ([0x12, 0x34, 0, 0x20], [0x7F, 0xFF, 0x7F, 0xFF]),
      ([0x12, 0x34, 0, 0, 0, 0x20, 0, 0], [0x7F, 0xFF, 0, 0, 0x7F, 0xFF, 0, 0]),
    ]
    var changes = 0
    for (old, new) in patterns {
      while let range = data.range(of: Data(old)) {
        data.replaceSubrange(range, with: new)
        changes += 1
      }
    }
    #expect(changes > 0)
    try data.write(to: URL(fileURLWithPath: path))
    let began = ContinuousClock.now
    // Where the stream itself tells its true size, the container's claim is not believed.
    do {
      try MediaReader(path: path).frames(at: [0]) { _, image in
        #expect(image.width * image.height <= 40_000_000)
      }
    } catch let error as MediaError {
      switch error {
      case .frameTooLarge, .damaged: break
      default: Issue.record("\(error)")
      }
    }
    #expect(ContinuousClock.now - began < .seconds(20))
  }

  @Test func `any name can be read through a descriptor`() throws {
    let media = try SampleMedia()
    let plain = try media.video("plain.mp4", count: 10, FrameTimeTests.x264)
    let odd = Array(media.folder.utf8) + Array("/".utf8) + [0xFF, 0xFE, 0x27, 0x0A, 0x25, 0x64]
    let name = odd.map { CChar(bitPattern: $0) } + [0]
    #expect(rename(plain, name) == 0)
    let file = open(name, O_RDONLY)
    try #require(file >= 0)
    defer { close(file) }
    let path = "/proc/self/fd/\(file)"
    var numbers: [Int?] = []
    let reader = try MediaReader(path: path)
    try reader.frames(at: [0, 0.2, 9]) { _, image in
      numbers.append(NumberedFrames.number(of: image))
    }
    #expect(numbers == [0, 5, 9])
    #expect(try ContentHash.sha256(ofFile: path).count == 64)
    #expect(try !SoundReader(path: path).hasSound)
  }

  @Test func `names that mean something to libav are only names`() throws {
    let media = try SampleMedia()
    let plain = try media.video("plain.mp4", count: 3, FrameTimeTests.x264)
    for name in ["a%03d.mp4", "concat:a|b.mp4", "http:x.mp4", "-i.mp4", "a?b#c.mp4", "ü 漢.mp4"] {
      let path = media.path(name)
      #expect(rename(plain, path) == 0)
      #expect(try MediaReader(path: path).info.video?.width == 192, "\(name)")
      #expect(rename(path, plain) == 0)
    }
  }
}
