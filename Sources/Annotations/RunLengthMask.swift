/// A mask as COCO's compressed run-length string, the form in which avu stores every mask.
///
/// Runs go down the columns, first the run of zeros. Each run from the fourth on is written as its
/// difference to the run two before it, in groups of five bits, least significant first, offset by
/// 48 into printable ASCII; bit 6 of a group says that another follows.
/// Source of the format: `rleToString` and `rleFrString` of pycocotools.
public struct RunLengthMask: Hashable, Sendable, Codable {
  /// Height and width, in this order.
  public let size: [Int]

  /// The compressed run lengths.
  public let counts: String

  /// Wraps stored values without decoding them; ``decoded()`` checks.
  ///
  /// - Parameters:
  ///   - height: Rows.
  ///   - width: Pixels in a row.
  ///   - counts: The compressed run lengths.
  public init(height: Int, width: Int, counts: String) {
    size = [height, width]
    self.counts = counts
  }

  /// Rows.
  public var height: Int { size.first ?? 0 }

  /// Pixels in a row.
  public var width: Int { size.count == 2 ? size[1] : 0 }

  /// Compresses a mask.
  public init(_ mask: BinaryMask) {
    self.init(
      height: mask.height, width: mask.width,
      counts: Self.compress(Self.runLengths(of: mask)))
  }

  /// The mask's pixels.
  ///
  /// - Throws: ``AnnotationError/corruptRunLength(height:width:)`` when the runs do not add up to
  ///   the size, or the size is not two positive numbers below 2¹⁶.
  public func decoded() throws(AnnotationError) -> BinaryMask {
    let runs = try runs()
    var pixels = [UInt8](repeating: 0, count: height * width)
    var position = 0
    for (index, run) in runs.enumerated() {
      if index % 2 == 1 {
        for place in position..<(position + run) {
          pixels[place % height * width + place / height] = 1
        }
      }
      position += run
    }
    return BinaryMask(width: width, height: height, pixels: pixels)
  }

  /// How many pixels are in the mask, without decoding it.
  ///
  /// - Throws: As ``decoded()``.
  public func area() throws(AnnotationError) -> Int {
    let runs = try runs()
    return stride(from: 1, to: runs.count, by: 2).reduce(0) { $0 + runs[$1] }
  }

  /// The run lengths, which add up to the size.
  private func runs() throws(AnnotationError) -> [Int] {
    guard size.count == 2, (1..<65_536).contains(height), (1..<65_536).contains(width),
      let runs = Self.expand(counts, limit: height * width),
      runs.reduce(0, +) == height * width
    else { throw .corruptRunLength(height: height, width: width) }
    return runs
  }

  private static func runLengths(of mask: BinaryMask) -> [Int] {
    var runs: [Int] = []
    var current: UInt8 = 0
    var length = 0
    for x in 0..<mask.width {
      for y in 0..<mask.height {
        let value = mask.pixels[y * mask.width + x]
        if value != current {
          runs.append(length)
          length = 0
          current = value
        }
        length += 1
      }
    }
    runs.append(length)
    return runs
  }

  private static func compress(_ runs: [Int]) -> String {
    var bytes: [UInt8] = []
    for (index, run) in runs.enumerated() {
      var value = index > 2 ? run - runs[index - 2] : run
      while true {
        let group = value & 0x1f
        value >>= 5
        let more = group & 0x10 != 0 ? value != -1 : value != 0
        bytes.append(UInt8(group | (more ? 0x20 : 0)) + 48)
        if !more { break }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The run lengths, or nil when the text is not such a string or a run leaves `0...limit`.
  private static func expand(_ counts: String, limit: Int) -> [Int]? {
    var runs: [Int] = []
    var value = 0
    var shift = 0
    for byte in counts.utf8 {
      guard (48..<112).contains(byte), shift <= 35 else { return nil }
      let group = Int(byte) - 48
      value |= (group & 0x1f) << shift
      shift += 5
      if group & 0x20 != 0 { continue }
      if group & 0x10 != 0 { value |= -1 << shift }
      if runs.count > 2 { value += runs[runs.count - 2] }
      guard (0...limit).contains(value) else { return nil }
      runs.append(value)
      value = 0
      shift = 0
    }
    return shift == 0 ? runs : nil
  }
}
