extension PTBScanner {
  /// Takes the word, number or abbreviation at the position.
  mutating func scanWord() {
    if takeSplitWord() { return }
    let plain = [
      wordEnd(position), thingEnd(position), numberEnd(position), slashedEnd(position),
      joinedCapitalsEnd(position), apostropheWordEnd(position), currencyEnd(position),
      languageNameEnd(position), fixedWordEnd(position), fractionEnd(position),
      telephoneEnd() ?? position, webAddressEnd(position),
      hyphenatedEnd(position),
    ].reduce(position + 1, max)
    if let abbreviation = abbreviationEnd(position),
      abbreviation > plain || isCutOff(abbreviation, from: plain)
    {
      takeAbbreviation(upTo: abbreviation)
    } else {
      takeContracted(upTo: continuedEnd(plain))
    }
  }

  /// `etc.A`: an abbreviation is cut off from a single letter, though not from a word.
  private func isCutOff(_ abbreviation: Int, from plain: Int) -> Bool {
    plain == abbreviation + 1 && PTBCharacter.isLetter(at(abbreviation))
      && PTBAbbreviations.kind(of: string(position..<(abbreviation - 1))) == .general
  }

  /// A period before a comma, colon or semicolon does not end a sentence and stays with its word.
  private func continuedEnd(_ end: Int) -> Int {
    let follows = at(end + 1)
    let isInside = follows == 0x2C || follows == 0x3B || follows == 0x3A
    return at(end) == 0x2E && isInside ? end + 1 : end
  }

  /// Letters, digits and inner sentence marks: the reference does not split `world.This`.
  private func wordEnd(_ start: Int) -> Int {
    guard PTBCharacter.isLetter(at(start)) else { return start }
    var end = alphanumericEnd(start)
    while isSentenceMark(at(end)) && PTBCharacter.isLetter(at(end + 1)) {
      end = alphanumericEnd(end + 1)
    }
    return end
  }

  private func isSentenceMark(_ value: UInt32) -> Bool {
    value == 0x2E || value == 0x21 || value == 0x3F
  }

  func alphanumericEnd(_ start: Int) -> Int {
    var end = start
    while PTBCharacter.isAlphanumeric(at(end)) || at(end) == 0xAD { end += 1 }
    return end
  }

  /// Parts joined by hyphens or underscores, each maybe behind `d'`, `o'` or `l'`.
  private func thingEnd(_ start: Int) -> Int {
    var end = partEnd(start)
    while end > start, isJoiner(at(end)) {
      let next = partEnd(end + 1)
      if next == end + 1 { break }
      end = next
    }
    return end
  }

  /// `U.S.-based`, `in.-between`: marks may stand before the first hyphen.
  private func hyphenatedEnd(_ start: Int) -> Int {
    guard PTBCharacter.isASCIIAlphanumeric(at(start)) else { return start }
    var end = start
    while PTBCharacter.isASCIIAlphanumeric(at(end)) || at(end) == 0x2E || at(end) == 0x2C {
      end += 1
    }
    let first = end
    while at(end) == 0x2D {
      var next = end + 1
      while PTBCharacter.isASCIIAlphanumeric(at(next)) { next += 1 }
      next = max(next, acronymEnd(end + 1) ?? next)
      if next == end + 1 { break }
      end = next
    }
    return end > first ? end : start
  }

  private func isJoiner(_ value: UInt32) -> Bool {
    value == 0x2D || value == 0x5F || value == 0x2010 || value == 0x2011 || value == 0x58A
  }

  private func partEnd(_ start: Int) -> Int {
    let isElided = [0x64, 0x6F, 0x6C].contains(at(start) | 0x20)
    if isElided, PTBCharacter.isInnerApostrophe(at(start + 1)), !isAuxiliary(start + 1),
      PTBCharacter.isAlphanumeric(at(start + 2))
    {
      return alphanumericEnd(start + 2)
    }
    return max(alphanumericEnd(start), numberEnd(start))
  }

  /// `3`, `1,000`, `10:30`, `3.14`, `.5`.
  func numberEnd(_ start: Int) -> Int {
    var end = start
    while PTBCharacter.isDigit(at(end)) { end += 1 }
    while [0x2E, 0x3A, 0x2C].contains(at(end)), PTBCharacter.isDigit(at(end + 1)) {
      end += 1
      while PTBCharacter.isDigit(at(end)) { end += 1 }
    }
    return end
  }

  /// A number with a sign or a leading mark; nil when none is at the position.
  func signedNumberEnd() -> Int? {
    let signed = at(position) == 0x2D || at(position) == 0x2B
    let start = signed ? position + 1 : position
    let end = numberEnd(start)
    return end > start ? end : nil
  }

  /// `black/white`, `and/or/not`: at most two slashes.
  private func slashedEnd(_ start: Int) -> Int {
    var end = slashPartEnd(start)
    guard end > start else { return start }
    var slashes = 0
    while slashes < 2, at(end) == 0x2F {
      let next = slashPartEnd(end + 1)
      if next == end + 1 { break }
      end = next
      slashes += 1
    }
    return slashes == 0 ? start : end
  }

  private func slashPartEnd(_ start: Int) -> Int {
    var end = start
    while PTBCharacter.isASCIIAlphanumeric(at(end)) { end += 1 }
    guard end > start else { return start }
    for _ in 0..<2 {
      var next = end + 1
      while at(next) < 0x80, PTBCharacter.isLetter(at(next)) { next += 1 }
      guard at(end) == 0x2D, next > end + 1 else { break }
      end = next
    }
    return end
  }

  /// `AT&T`, `R&B`: only capitals.
  private func joinedCapitalsEnd(_ start: Int) -> Int {
    var end = start
    while PTBCharacter.isASCIIUppercase(at(end)) { end += 1 }
    let first = end
    while end > start, at(end) == 0x26 || at(end) == 0x2B,
      PTBCharacter.isASCIIUppercase(at(end + 1))
    {
      end += 1
      while PTBCharacter.isASCIIUppercase(at(end)) { end += 1 }
    }
    return end > first ? end : start
  }

  /// `US$`.
  private func currencyEnd(_ start: Int) -> Int {
    var end = start
    while PTBCharacter.isASCIIUppercase(at(end)) { end += 1 }
    return end > start && at(end) == 0x24 ? end + 1 : start
  }

  /// `C++`, `C#`, `F#`.
  private func languageNameEnd(_ start: Int) -> Int {
    if hasText("c++", at: start) { return start + 3 }
    if hasText("c#", at: start) || hasText("f#", at: start) { return start + 2 }
    return start
  }
}
