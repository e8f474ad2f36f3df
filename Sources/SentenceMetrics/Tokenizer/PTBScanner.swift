/// Cuts a text into Penn Treebank tokens, longest match first.
struct PTBScanner {
  let text: [UInt32]
  var position = 0
  var tokens: [String] = []

  init(_ text: [UInt32]) { self.text = text }

  /// The tokens of each line of the text.
  mutating func lines(count: Int) -> [[String]] {
    var lines: [[String]] = []
    while position < text.count {
      let value = text[position]
      if value == 0x0A {
        lines.append(tokens)
        tokens = []
        position += 1
      } else if let end = plainWordEnd() {
        takePlainWord(upTo: end)
      } else if let end = spacedAddressEnd() {
        take(upTo: end)
      } else if PTBCharacter.isSpace(value) {
        position += 1
      } else {
        scanToken()
      }
    }
    if lines.count < count { lines.append(tokens) }
    return lines
  }

  /// The end of a word that no rule but the simplest can concern: letters of English before a
  /// space, a comma with a space, or the end.
  private func plainWordEnd() -> Int? {
    var end = position
    while at(end) < 0x80, (0x61...0x7A).contains(at(end) | 0x20) { end += 1 }
    guard end > position, !isSplitWord(position..<end) else { return nil }
    if isSpaceOrEnd(end) { return end }
    if at(end) == 0x2C, isSpaceOrEnd(end + 1) { return end }
    guard at(end) == 0x2E, end > position + 1, end + 1 >= text.count || at(end + 1) == 0x0A,
      !PTBAbbreviations.mayKeepPeriod(string(position..<end))
    else { return nil }
    return end
  }

  private func isSpaceOrEnd(_ place: Int) -> Bool {
    place >= text.count || text[place] == 0x20 || text[place] == 0x0A
  }

  private mutating func takePlainWord(upTo end: Int) {
    let letters = text[position..<end]
    tokens.append(
      String(unsafeUninitializedCapacity: letters.count) { buffer in
        for (place, value) in letters.enumerated() { buffer[place] = UInt8(value | 0x20) }
        return letters.count
      })
    position = end
  }

  /// The value at an offset, or 0 past the end.
  func at(_ index: Int) -> UInt32 { index >= 0 && index < text.count ? text[index] : 0 }

  /// Appends the text up to `end` as one token and moves behind it; spaces inside do not break.
  mutating func take(upTo end: Int) {
    var token = ""
    for value in text[position..<end] {
      switch value {
      case 0x20, 0x09: token.unicodeScalars.append("\u{A0}")
      case 0x28 where end > position + 1: token += "-lrb-"
      case 0x29 where end > position + 1: token += "-rrb-"
      case 0xAD: break
      default: Unicode.Scalar(value).map { token.unicodeScalars.append($0) }
      }
    }
    tokens.append(PTBCharacter.lowercased(token))
    position = end
  }

  /// Appends the text up to `end` as one token with typewriter apostrophes.
  mutating func takeContraction(upTo end: Int) {
    tokens.append(string(position..<end).lowercased())
    position = end
  }

  /// Appends a token that is written differently from the text and moves behind it.
  mutating func take(_ token: String, length: Int) {
    tokens.append(token)
    position += length
  }

  /// A piece of the text, with typewriter apostrophes.
  func string(_ range: Range<Int>) -> String {
    var result = String.UnicodeScalarView()
    for index in range {
      let value = PTBCharacter.isApostrophe(text[index]) ? 0x27 : text[index]
      if value != 0xAD, let scalar = Unicode.Scalar(value) { result.append(scalar) }
    }
    return String(result)
  }

  /// Whether ASCII text stands at a place, in lower or upper case.
  func hasText(_ expected: StaticString, at index: Int) -> Bool {
    expected.withUTF8Buffer { bytes in
      for (offset, byte) in bytes.enumerated() {
        let value = at(index + offset)
        let folded = PTBCharacter.isASCIIUppercase(value) ? value | 0x20 : value
        if folded != UInt32(byte) { return false }
      }
      return true
    }
  }

  private mutating func scanToken() {
    let value = text[position]
    if let end = addressEnd() {
      take(upTo: end)
    } else if PTBCharacter.isAlphanumeric(value) {
      scanWord()
    } else if let end = telephoneEnd() ?? signedNumberEnd() {
      take(upTo: end)
    } else {
      scanSymbol()
    }
  }
}
