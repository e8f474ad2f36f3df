extension PTBScanner {
  /// Takes a word, or the part of it before `n't`.
  mutating func takeContracted(upTo end: Int) {
    let isNegated =
      PTBCharacter.isInnerApostrophe(at(end)) && at(end + 1) | 0x20 == 0x74
      && !PTBCharacter.isLetter(at(end + 2)) && at(end - 1) | 0x20 == 0x6E
    if isNegated {
      if end - 1 > position { take(upTo: end - 1) } else { takeNegation(upTo: end + 2) }
    } else {
      take(upTo: end)
    }
  }

  /// Takes `n't`, whatever its apostrophe looks like.
  private mutating func takeNegation(upTo end: Int) {
    let isOpening = !PTBCharacter.isApostrophe(at(position + 1))
    take(isOpening ? "n`t" : "n't", length: end - position)
  }

  /// `cannot`, `gonna` and the like are two words.
  mutating func takeSplitWord() -> Bool {
    let end = alphanumericEnd(position)
    if end == position + 1, at(position) | 0x20 == 0x79, PTBCharacter.isApostrophe(at(end)),
      hasText("all", at: end + 1), !PTBCharacter.isLetter(at(end + 4))
    {
      take(upTo: end + 1)
      return true
    }
    guard (5...6).contains(end - position),
      let first = Self.splitWords[string(position..<end).lowercased()], !continues(at: end)
    else { return false }
    take(upTo: position + first)
    take(upTo: end)
    return true
  }

  /// Whether a longer word than the letters before `end` begins here.
  private func continues(at end: Int) -> Bool {
    let joins: [UInt32] = [0x2D, 0x5F, 0x2F, 0x2E, 0x21, 0x3F]
    return joins.contains(at(end)) && PTBCharacter.isAlphanumeric(at(end + 1))
  }

  /// Whether `'s`, `'m`, `'d`, `'re`, `'ve` or `'ll` stands at an apostrophe.
  func isAuxiliary(_ apostrophe: Int) -> Bool { auxiliaryEnd(apostrophe) != nil }

  func auxiliaryEnd(_ apostrophe: Int) -> Int? {
    guard PTBCharacter.isApostrophe(at(apostrophe)) else { return nil }
    let start = apostrophe + 1
    let isLong =
      hasText("re", at: start) || hasText("ve", at: start) || hasText("ll", at: start)
    let isShort = [0x73, 0x6D, 0x64].contains(at(start) | 0x20)
    let end = isLong ? start + 2 : isShort ? start + 1 : start
    return end > start && !PTBCharacter.isASCIILetter(at(end)) ? end : nil
  }

  /// `O'Brien`, `ma'am`: an apostrophe inside a word.
  func apostropheWordEnd(_ start: Int) -> Int {
    let end = lettersEnd(start)
    guard end > start, PTBCharacter.isInnerApostrophe(at(end)) else { return start }
    let rest = lettersEnd(end + 1)
    if end == start + 1, isElidedCapital(at(start)), rest >= end + 3, !isAuxiliary(end) {
      return rest
    }
    let vowels: [UInt32] = [0x61, 0x65, 0x69, 0x6F, 0x75, 0x79]
    let follows = at(end + 1)
    let opens = vowels.dropLast().contains(follows) || PTBCharacter.isASCIIUppercase(follows)
    if end >= start + 2, vowels.contains(at(end - 1) | 0x20), opens, !isAuxiliary(end) {
      return rest
    }
    return start
  }

  /// Words with an apostrophe that no rule covers, longer ones before their beginnings.
  func fixedWordEnd(_ start: Int) -> Int {
    if hasText("ol", at: start), at(start + 2) == 0x2019 { return start + 3 }
    let isElided = [0x6C, 0x64, 0x6A].contains(at(start) | 0x20)
    if isElided, at(start + 1) == 0x2019 { return start + 2 }
    for word in Self.fixedWords where hasText(word, at: start) {
      return start + word.utf8CodeUnitCount
    }
    return start
  }

  private static let fixedWords: [StaticString] = [
    "cont'd.", "nor'easter", "c'mon", "e'er", "s'mores", "ev'ry", "li'l", "nat'l",
    "dunkin'", "somethin'", "ol'", "l'", "d'", "j'",
  ]

  private func isElidedCapital(_ value: UInt32) -> Bool {
    value == 0x6E || PTBCharacter.isASCIIUppercase(value) && value != 0x49 && value != 0x59
  }

  private func lettersEnd(_ start: Int) -> Int {
    var end = start
    while PTBCharacter.isLetter(at(end)) { end += 1 }
    return end
  }

  /// Takes what an apostrophe opens: a contraction, `'em`, `'90s`, or a quotation.
  mutating func takeApostrophe() {
    let isTypewriter = at(position) == 0x27
    if let end = auxiliaryEnd(position) {
      takeContraction(upTo: end)
    } else if PTBCharacter.isApostrophe(at(position + 1)) {
      take("''", length: 2)
    } else if isTypewriter, hasText("tis", at: position + 1),
      !PTBCharacter.isLetter(at(position + 4))
    {
      take(upTo: position + 2)
    } else if isTypewriter, hasText("twas", at: position + 1),
      !PTBCharacter.isLetter(at(position + 5))
    {
      take(upTo: position + 2)
    } else if let end = clippedWordEnd() {
      take(upTo: end)
    } else {
      let isClipped = hasText("tis", at: position + 1) || hasText("twas", at: position + 1)
      take(PTBCharacter.isAlphanumeric(at(position + 1)) && !isClipped ? "`" : "'", length: 1)
    }
  }

  /// The end of `'n'`, `'em`, `'til`, `'till`, `'cause` or `'90s` at the position.
  private func clippedWordEnd() -> Int? {
    let start = position + 1
    if at(start) | 0x20 == 0x6E, PTBCharacter.isApostrophe(at(start + 1)) { return start + 2 }
    let isDecade = (0x32...0x39).contains(at(start)) && hasText("0s", at: start + 1)
    let follows = at(start + 1)
    let isLoneN = hasText("n", at: start) && (follows <= 0x20 || follows == 0xA0)
    let isYear =
      PTBCharacter.isDigit(at(start)) && PTBCharacter.isDigit(at(start + 1))
      && at(start + 2) <= 0x20
    let lengths = [
      (isLoneN, 1), (hasText("em", at: start), 2), (isDecade, 3), (isYear, 2),
      (hasText("til", at: start), 3), (hasText("till", at: start), 4),
      (hasText("cause", at: start), 5),
    ]
    for (matches, length) in lengths
    where matches && !PTBCharacter.isAlphanumeric(at(start + length)) {
      return start + length
    }
    return nil
  }

  /// Whether letters are `cannot` or the like.
  func isSplitWord(_ range: Range<Int>) -> Bool {
    guard (5...6).contains(range.count),
      [0x63, 0x67, 0x77, 0x6C].contains(at(range.lowerBound) | 0x20)
    else { return false }
    return Self.splitWords[string(range).lowercased()] != nil
  }

  /// Length of the first of the two words.
  private static let splitWords = [
    "cannot": 3, "gonna": 3, "gotta": 3, "wanna": 3, "gimme": 3, "lemme": 3,
  ]
}
