import Foundation

/// Whether two programs took the same out of clips.
struct MediaAgreement: CustomStringConvertible {
  /// What a program wrote.
  struct Files {
    let pictures: String
    let sound: String
  }

  private var bytes = 0
  private var equalBytes = 0
  private var largest = 0
  private var isOfOneLength = true
  private var soundError = 0.0

  /// Compares what both wrote about one clip.
  ///
  /// - Parameters:
  ///   - ours: What avu wrote.
  ///   - theirs: What the other program wrote.
  ///   - hasSound: Whether the clip has any; without, the other program writes none.
  /// - Throws: When pictures cannot be read.
  mutating func compare(_ ours: Files, _ theirs: Files, hasSound: Bool) throws {
    let pictures = try [ours, theirs].map { try Data(contentsOf: URL(filePath: $0.pictures)) }
    isOfOneLength = isOfOneLength && pictures[0].count == pictures[1].count
    for (our, their) in zip(pictures[0], pictures[1]) {
      bytes += 1
      if our == their { equalBytes += 1 }
      largest = max(largest, abs(Int(our) - Int(their)))
    }
    guard hasSound else { return }
    for (a, b) in zip(ours.heard, theirs.heard) {
      // avu's samples are never louder than full scale.
      soundError = max(soundError, Double(abs(a - min(max(b, -1), 1))))
    }
  }

  /// One sentence.
  var description: String {
    let share = bytes == 0 ? 0 : 100 * Double(equalBytes) / Double(bytes)
    return String(format: "%.2f %% of the pictures' bytes are ours", share)
      + (equalBytes == bytes ? "" : ", the others at most \(largest) apart")
      + (isOfOneLength ? "" : ", but the numbers of pictures differ")
      + String(format: "; sound at most %.4f apart", soundError)
  }
}

extension MediaAgreement.Files {
  fileprivate var heard: [Float] {
    guard let data = try? Data(contentsOf: URL(filePath: sound)) else { return [] }
    return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }
}
