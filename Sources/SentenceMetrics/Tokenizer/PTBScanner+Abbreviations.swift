extension PTBScanner {
  /// The end of an abbreviation at a place, its period included; nil when there is none.
  func abbreviationEnd(_ start: Int) -> Int? {
    if let end = acronymEnd(start) { return end }
    var end = start
    while at(end) < 0x80, PTBCharacter.isLetter(at(end)) { end += 1 }
    if hasText("d.", at: end + 1), at(end) == 0x2E, hasAbbreviation(start..<(end + 2)) {
      return end + 3
    }
    guard end > start, at(end) == 0x2E else { return nil }
    if end == start + 1 { return sentenceStarts(end + 1) ? nil : end + 1 }
    return hasAbbreviation(start..<end) || isNumbering(start, end) ? end + 1 : nil
  }

  /// `No. 5`: an abbreviation only before a number.
  private func isNumbering(_ start: Int, _ end: Int) -> Bool {
    let number = PTBCharacter.isSpace(at(end + 1)) ? end + 2 : end + 1
    return PTBCharacter.isDigit(at(number))
      && PTBAbbreviations.beforeNumbers.contains(string(start..<end).lowercased())
  }

  private func hasAbbreviation(_ range: Range<Int>) -> Bool {
    PTBAbbreviations.kind(of: string(range)) != nil
  }

  /// `a.m.`, `U.S.`: single letters, each with its period.
  func acronymEnd(_ start: Int) -> Int? {
    var end = start
    while at(end) < 0x80, PTBCharacter.isLetter(at(end)), at(end + 1) == 0x2E { end += 2 }
    return end >= start + 4 ? end : nil
  }

  /// Takes an abbreviation; where a sentence ends behind it, its period counts twice.
  mutating func takeAbbreviation(upTo end: Int) {
    let isAcronym = acronymEnd(position) == end
    let word = string(position..<(end - 1))
    take(upTo: end)
    let isGeneral = PTBAbbreviations.kind(of: word) == .general
    if isAcronym && sentenceStarts(end) || isGeneral && mayEndSentence(end) {
      tokens.append(".")
    }
  }

  /// Whether a space follows and then another one, a capital or a tag.
  private func mayEndSentence(_ end: Int) -> Bool {
    guard PTBCharacter.isSpace(at(end)) else { return false }
    let next = at(end + 1)
    let isUppercase = Unicode.Scalar(next)?.properties.generalCategory == .uppercaseLetter
    return isUppercase || PTBCharacter.isSpace(next) || markupEnd(end + 1) != nil
  }

  /// Whether, between spaces, a word or a tag stands that usually opens a sentence.
  private func sentenceStarts(_ end: Int) -> Bool {
    let start = spacesEnd(end)
    guard start > end else { return false }
    if let tagEnd = markupEnd(start) { return PTBCharacter.isSpace(at(tagEnd)) }
    guard PTBCharacter.isASCIIUppercase(at(start)) else { return false }
    let wordEnd = alphanumericEnd(start)
    let word = string(start..<wordEnd).lowercased()
    if word == "mr" || word == "ms" {
      return at(wordEnd) == 0x2E && PTBCharacter.isSpace(at(wordEnd + 1))
    }
    return PTBCharacter.isSpace(at(wordEnd)) && PTBAbbreviations.sentenceStarters.contains(word)
  }

  private func spacesEnd(_ start: Int) -> Int {
    var end = start
    while end < text.count, PTBCharacter.isSpace(text[end]) { end += 1 }
    return end
  }
}
