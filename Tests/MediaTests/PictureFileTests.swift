import Foundation
import Media
import Testing

/// Masks, JPEG pictures and hashes.
struct PictureFileTests {
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/avu-\(UUID().uuidString).png"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try body(path)
  }

  @Test(arguments: [(1, 1), (7, 3), (161, 97), (1280, 720)])
  func `a mask comes back as it was written`(_ width: Int, _ height: Int) throws {
    var random = SeededNumbers(seed: UInt64(width))
    let pixels = (0..<width * height).map { _ in UInt8.random(in: 0...2, using: &random) }
    let bytes = try PNGCodec.encodeMask(width: width, height: height, pixels: pixels)
    #expect(Array(bytes[24..<26]) == [8, 0], "8 bits, gray")
    try withFile(bytes) { path in
      let mask = try PNGCodec.decodeMask(path: path)
      #expect(mask.width == width && mask.height == height)
      #expect(mask.pixels == pixels.map { $0 == 0 ? 0 : 255 })
    }
  }

  @Test(
    .enabled(if: SampleMedia.isPossible, SampleMedia.need),
    arguments: ["gray", "gray16be", "monob", "rgb24", "rgba", "rgb48be", "pal8", "ya8"])
  func `every colour type is read`(_ format: String) throws {
    let media = try SampleMedia()
    let path = media.path("mask.png")
    // The left half black, the right half white.
    try media.ffmpeg([
      "-f", "lavfi", "-i", "color=black:s=16x6:d=1,drawbox=8:0:8:6:white:fill,format=gray",
      "-frames:v", "1", "-sws_dither", "none",
      "-pix_fmt", format, path,
    ])
    let mask = try PNGCodec.decodeMask(path: path)
    #expect(mask.width == 16 && mask.height == 6)
    #expect(mask.pixels == (0..<96).map { $0 % 16 < 8 ? 0 : 255 })
  }

  @Test(.enabled(if: SampleMedia.isPossible, SampleMedia.need))
  func `dark colours belong to the mask`() throws {
    let media = try SampleMedia()
    let path = media.path("mask.png")
    try media.ffmpeg([
      "-f", "lavfi", "-i", "color=0x000001:s=4x4:d=1,format=gbrp", "-frames:v", "1", "-pix_fmt",
      "rgb24", path,
    ])
    #expect(try PNGCodec.decodeMask(path: path).pixels == [UInt8](repeating: 255, count: 16))
  }

  @Test func `damaged and huge masks are refused`() throws {
    let good = try PNGCodec.encodeMask(
      width: 64, height: 64, pixels: (0..<4096).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) })
    for bytes in [[], [1, 2, 3], Array(good.prefix(20)), Array(good.prefix(good.count / 2))] {
      try withFile(bytes) { path in
        let error = #expect(throws: MediaError.self) { try PNGCodec.decodeMask(path: path) }
        guard case .damaged(path, _) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
    }
    var huge = good
    huge.replaceSubrange(16..<24, with: [0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20])
    let check = CheckSum.crc32(huge[12..<29])
    huge.replaceSubrange(
      29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: check >> (24 - 8 * $0)) })
    try withFile(huge) { path in
      #expect(throws: MediaError.frameTooLarge(path: path, width: 20_000, height: 20_000)) {
        try PNGCodec.decodeMask(path: path)
      }
    }
  }

  @Test(
    .enabled(if: SampleMedia.isPossible, SampleMedia.need),
    arguments: [(16, 16), (161, 97), (640, 360), (1, 1)])
  func `a picture survives JPEG and WebP`(_ width: Int, _ height: Int) throws {
    let media = try SampleMedia()
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let colour = [x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height)]
        pixels += colour.map { UInt8($0) }
      }
    }
    let image = RGBImage(width: width, height: height, pixels: pixels)
    let jpeg = try JPEGCodec.encode(image, quality: 90)
    #expect(jpeg.prefix(3) == [0xFF, 0xD8, 0xFF] && jpeg.suffix(2) == [0xFF, 0xD9])
    var files = [("jpg", jpeg)]
    if WebPCodec.isPossible {
      let webp = try WebPCodec.encode(image, quality: 90)
      #expect(webp.prefix(4) == Array("RIFF".utf8)[...] && webp[8..<12] == Array("WEBP".utf8)[...])
      files.append(("webp", webp))
    }
    for (ending, bytes) in files {
      let path = media.path("picture." + ending)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let raw = media.path("picture.raw")
      try media.ffmpeg(["-y", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", raw])
      let back = [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw)))
      try #require(back.count == pixels.count)
      let off = zip(back, pixels).map { abs(Int($0) - Int($1)) }
      #expect(Double(off.reduce(0, +)) / Double(off.count) < 4, "\(ending)")
    }
  }

  @Test func `better quality takes more bytes`() throws {
    var random = SeededNumbers(seed: 5)
    let image = RGBImage(
      width: 64, height: 64,
      pixels: (0..<64 * 64 * 3).map { _ in UInt8.random(in: 0...255, using: &random) })
    let sizes = try [5, 20, 50, 75, 100].map { try JPEGCodec.encode(image, quality: $0).count }
    #expect(sizes == sizes.sorted() && Set(sizes).count == sizes.count, "\(sizes)")
  }

  @Test func `a picture without pixels is no JPEG`() {
    #expect(throws: MediaError.self) {
      try JPEGCodec.encode(RGBImage(width: 0, height: 0, pixels: []), quality: 50)
    }
  }

  @Test(
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func `hashes are those of FIPS 180-4`(_ text: String, _ hash: String) throws {
    #expect(ContentHash.sha256(of: Array(text.utf8)) == hash)
    try withFile(Array(text.utf8)) { path in
      let found = try ContentHash.sha256(ofFile: path)
      #expect(found == hash)
    }
  }

  @Test func `a missing file has no hash`() {
    #expect(
      throws: MediaError.cannotOpen(path: "/nowhere/x", reason: "no such file or directory")
    ) {
      try ContentHash.sha256(ofFile: "/nowhere/x")
    }
  }
}

/// The check sum of PNG's chunks, for files with a valid but absurd header.
private enum CheckSum {
  static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in
        rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1
      }
    }
  }
}
