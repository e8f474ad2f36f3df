import Annotations
import Testing

/// Strings made with `pycocotools.mask.encode` (pycocotools 2.0.11).
struct RunLengthMaskTests {
  @Test(arguments: [
    ("0000/0000/0000", "<"),
    ("1111/1111/1111", "0<"),
    ("100000", "015"),
    ("01010/10101/01010/10101", "11110O10O10O10O0"),
    (
      "000111011/001000010/010101001/001010011/011000110/001101010/100100001",
      "6120O020N20N00120N10N01030M1O10N011O"
    ),
    ("1", "01"),
  ])
  func `a mask has the string that pycocotools gives it`(_ rows: String, _ counts: String) throws {
    let mask = Self.mask(rows)
    let compressed = RunLengthMask(mask)
    #expect(compressed.counts == counts)
    #expect(compressed.size == [mask.height, mask.width])
    #expect(try compressed.decoded() == mask)
  }

  @Test func `long runs and their differences take several groups of bits`() throws {
    var mask = BinaryMask(emptyOfWidth: 640, height: 360)
    for y in 100..<260 { for x in 200..<500 { mask[x, y] = true } }
    let counts = "T]V2P5X6" + String(repeating: "0", count: 597) + "lSa1"
    #expect(RunLengthMask(mask).counts == counts)
    let decoded = try RunLengthMask(height: 360, width: 640, counts: counts).decoded()
    #expect(decoded.area == 48_000)
    #expect(decoded == mask)
  }

  @Test func `every mask comes back as it was`() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let width = Int.random(in: 1...40, using: &generator)
      let height = Int.random(in: 1...40, using: &generator)
      let share = Int.random(in: 0...100, using: &generator)
      let pixels = (0..<(width * height)).map { _ in
        UInt8(Int.random(in: 0..<100, using: &generator) < share ? 1 : 0)
      }
      let mask = BinaryMask(width: width, height: height, pixels: pixels)
      #expect(try RunLengthMask(mask).decoded() == mask)
    }
  }

  @Test(arguments: [
    "", "0", "11", "0=", "P", "PPPP", "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPP0", "\u{0}", "é", "-1", "o",
    "0o0",
    "<0<", "0<1", "oooooooo7",
  ])
  func `a corrupt string is refused`(_ counts: String) {
    #expect(throws: AnnotationError.corruptRunLength(height: 3, width: 4)) {
      try RunLengthMask(height: 3, width: 4, counts: counts).decoded()
    }
  }

  @Test(arguments: [(0, 0), (-1, 4), (70_000, 70_000), (Int.max, Int.max), (0, 5)])
  func `an impossible size is refused before memory is taken`(_ height: Int, _ width: Int) {
    #expect(throws: AnnotationError.corruptRunLength(height: height, width: width)) {
      try RunLengthMask(height: height, width: width, counts: "0").decoded()
    }
  }

  @Test func `damaged strings never crash`() {
    let good = Array("6120O020N20N00120N10N01030M1O10N011O".utf8)
    for seed in 0..<3000 {
      var bytes = good
      bytes[seed % bytes.count] = UInt8(seed * 7 % 128)
      if seed % 3 == 0 { bytes.removeLast(seed % bytes.count) }
      let mask = RunLengthMask(height: 7, width: 9, counts: String(decoding: bytes, as: UTF8.self))
      if let decoded = try? mask.decoded() { #expect(decoded.pixels.count == 63) }
    }
  }

  private static func mask(_ rows: String) -> BinaryMask {
    let rows = rows.split(separator: "/")
    return BinaryMask(
      width: rows[0].count, height: rows.count, pixels: rows.joined().map { $0 == "1" ? 1 : 0 })
  }
}
