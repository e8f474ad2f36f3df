/// Writes small grey PNG files for tests, without a library: the picture is stored uncompressed.
enum GrayPNG {
  /// The bytes of a PNG with one 8-bit value a pixel; at most 65,000 bytes of rows.
  static func bytes(width: Int, height: Int, pixels: [UInt8]) -> [UInt8] {
    bytes(width: width, height: height, depth: 8, kind: 0, samples: pixels)
  }

  /// The bytes of a PNG of any kind.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  ///   - depth: Bits a sample, 8 or 16.
  ///   - kind: PNG's colour type: 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha.
  ///   - samples: The rows' bytes.
  ///   - palette: Red, green and blue of each entry.
  /// - Returns: The file.
  static func bytes(
    width: Int, height: Int, depth: UInt8, kind: UInt8, samples: [UInt8], palette: [UInt8] = []
  ) -> [UInt8] {
    let length = samples.count / height
    var rows: [UInt8] = []
    for y in 0..<height { rows += [0] + samples[(y * length)..<((y + 1) * length)] }
    let entries = palette.isEmpty ? [] : chunk("PLTE", palette)
    return file(width: width, height: height, kind: [depth, kind], entries: entries, rows: rows)
  }

  private static func file(
    width: Int, height: Int, kind: [UInt8], entries: [UInt8], rows: [UInt8]
  ) -> [UInt8] {
    let length = UInt16(rows.count)
    var stream: [UInt8] = [0x78, 0x01, 0x01]
    for value in [length, ~length] { stream += [UInt8(value & 0xFF), UInt8(value >> 8)] }
    stream += rows + bigEndian(adler32(rows))
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + kind + [0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", header) + entries + chunk("IDAT", stream) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(name.utf8) + data
    return bigEndian(UInt32(data.count)) + content + bigEndian(crc32(content))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) }
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
