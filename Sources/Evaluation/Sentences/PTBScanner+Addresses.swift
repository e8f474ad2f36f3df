extension PTBScanner {
  /// The end of a web address, mail address, `@name`, `#tag` or `<tag>` at the position.
  func addressEnd() -> Int? {
    switch at(position) {
    case 0x40: return nameEnd(position + 1)
    case 0x23: return hashTagEnd()
    case 0x3C: return markupEnd()
    default: break
    }
    guard PTBCharacter.isASCIIAlphanumeric(at(position)) else { return nil }
    if hasText("http://", at: position) || hasText("https://", at: position) {
      return webAddressEnd(position)
    }
    return hostEnd() ?? mailAddressEnd()
  }

  private func nameEnd(_ start: Int) -> Int? {
    var end = start
    while at(end) == 0x5F || PTBCharacter.isASCIIAlphanumeric(at(end)) { end += 1 }
    return end > start && !PTBCharacter.isDigit(at(start)) ? end : nil
  }

  private func hashTagEnd() -> Int? {
    guard PTBCharacter.isLetter(at(position + 1)) else { return nil }
    return alphanumericEnd(position + 1)
  }

  /// `<tag>`, `</tag>`: a letter must follow, so that `<3` is no tag.
  private func markupEnd() -> Int? {
    var end = position + (at(position + 1) == 0x2F ? 2 : 1)
    guard at(end) < 0x80, PTBCharacter.isLetter(at(end)) else { return nil }
    while PTBCharacter.isASCIIAlphanumeric(at(end)) || [0x3A, 0x2E, 0x2D, 0x5F].contains(at(end)) {
      end += 1
    }
    while at(end) == 0x20 { end += 1 }
    if at(end) == 0x2F { end += 1 }
    return at(end) == 0x3E ? end + 1 : nil
  }

  /// An address reaches to the next space, quote or bracket, less closing punctuation.
  private func webAddressEnd(_ start: Int) -> Int? {
    var end = start
    while at(end) > 0x20, !Self.addressStops.contains(at(end)) { end += 1 }
    while end > start, Self.closingMarks.contains(at(end - 1)) { end -= 1 }
    return end > start ? end : nil
  }

  /// `www.example.com`, `example.org/path`.
  private func hostEnd() -> Int? {
    var end = position
    while isHostCharacter(at(end)) || at(end) == 0x2E && isHostCharacter(at(end + 1)) { end += 1 }
    let labels = string(position..<end).lowercased().split(separator: ".")
    guard labels.count >= 2, let last = labels.last else { return nil }
    let isNamed = labels.first == "www" && labels.count >= 3
    guard isNamed || ["com", "net", "org", "edu"].contains(last) else { return nil }
    return at(end) == 0x2F ? webAddressEnd(position) : end
  }

  private func isHostCharacter(_ value: UInt32) -> Bool {
    PTBCharacter.isAlphanumeric(value)
  }

  private func mailAddressEnd() -> Int? {
    var end = position
    while at(end) > 0x20, at(end) != 0x40, !Self.addressStops.contains(at(end)) { end += 1 }
    guard at(end) == 0x40 else { return nil }
    let host = end + 1
    end = host
    while at(end) > 0x20, at(end) != 0xA0, !Self.addressStops.contains(at(end)) { end += 1 }
    while end > host, at(end - 1) == 0x2E { end -= 1 }
    return end > host ? end : nil
  }

  /// `"`, `<`, `>`, `|`, `(`, `)`.
  private static let addressStops: Set<UInt32> = [0x22, 0x3C, 0x3E, 0x7C, 0x28, 0x29]

  /// `.`, `!`, `?`, `(`, `)`, `{`, `}`, `,`, `-`.
  private static let closingMarks: Set<UInt32> = [
    0x2E, 0x21, 0x3F, 0x28, 0x29, 0x7B, 0x7D, 0x2C, 0x2D,
  ]
}
