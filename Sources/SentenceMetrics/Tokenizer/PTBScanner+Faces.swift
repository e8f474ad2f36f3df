extension PTBScanner {
  /// The end of a face such as `^_^` or `(^-^)` at the position; nil when there is none.
  func faceEnd() -> Int? {
    if at(position) == 0x28 { return parenthesizedFaceEnd() }
    let isFace =
      Self.eyes.contains(at(position)) && at(position + 1) == 0x5F
      && Self.eyes.contains(at(position + 2))
    return isFace ? position + 3 : nil
  }

  private func parenthesizedFaceEnd() -> Int? {
    let first = at(position + 1)
    guard Self.eyes.contains(first) else { return nil }
    let second = at(position + 2)
    if Self.eyes.contains(second), at(position + 3) == 0x29 { return position + 4 }
    guard at(position + 4) == 0x29 else { return nil }
    let last = at(position + 3)
    let isFlat = (second == 0x5F || second == 0x2E) && Self.eyes.contains(last)
    let isNosed = second == 0x2D && (Self.eyes.contains(last) || last == 0x60)
    return isFlat || isNosed ? position + 5 : nil
  }

  /// `-`, `^`, `x`, `X`, `=`, `~`, `<`, `>`, `'`.
  private static let eyes: Set<UInt32> = [0x2D, 0x5E, 0x78, 0x58, 0x3D, 0x7E, 0x3C, 0x3E, 0x27]
}
