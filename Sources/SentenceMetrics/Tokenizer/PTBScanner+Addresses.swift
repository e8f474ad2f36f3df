extension PTBScanner {
  /// The end of a web address, mail address, `@name`, `#tag` or `<tag>` at the position.
  func addressEnd() -> Int? {
    switch at(position) {
    case 0x40: return nameEnd(position + 1)
    case 0x23: return hashTagEnd()
    case 0x3C: return markupEnd(position)
    default: break
    }
    let web = webAddressEnd(position)
    if web > position, !PTBCharacter.isAlphanumeric(at(position)) { return web }
    return PTBCharacter.isASCIIAlphanumeric(at(position)) ? mailAddressEnd() : nil
  }

  /// The end of a web address that begins with a space other than the plain one: the reference
  /// takes such spaces for parts of a host's name.
  func spacedAddressEnd() -> Int? {
    guard at(position) > 0x7F else { return nil }
    let end = webAddressEnd(position)
    return end > position ? end : nil
  }

  private func nameEnd(_ start: Int) -> Int? {
    var end = start
    while at(end) == 0x5F || PTBCharacter.isASCIIAlphanumeric(at(end)) { end += 1 }
    return end > start && !PTBCharacter.isDigit(at(start)) ? end : nil
  }

  private func hashTagEnd() -> Int? {
    var end = position + 1
    while PTBCharacter.isLetter(at(end)) { end += 1 }
    return end > position + 1 ? end : nil
  }

  /// The end of `http://…`, `www.example.com` or `example.org/path`; the start when there is none.
  func webAddressEnd(_ start: Int) -> Int {
    if hasText("http", at: start) {
      let scheme = start + (hasText("s", at: start + 4) ? 5 : 4)
      if hasText("://", at: scheme), let end = pathEnd(scheme + 3) { return end }
    }
    let host = max(worldWideEnd(start), namedHostEnd(start))
    guard host > start, at(host) == 0x2F else { return max(host, start) }
    return pathEnd(host + 1) ?? host
  }

  /// A path reaches to the next space, quote or bracket, less closing punctuation; one character
  /// is none.
  private func pathEnd(_ start: Int) -> Int? {
    var end = start
    while at(end) > 0x20, !Self.pathStops.contains(at(end)) { end += 1 }
    while end > start, Self.closingMarks.contains(at(end - 1)) { end -= 1 }
    return end > start + 1 ? end : nil
  }

  /// `www.`, labels, and two to four letters.
  private func worldWideEnd(_ start: Int) -> Int {
    guard hasText("www.", at: start) else { return start }
    var best = start
    var label = start + 4
    while true {
      var end = label
      while at(end) > 0x20, !Self.pathStops.contains(at(end)), !Self.labelStops.contains(at(end)) {
        end += 1
      }
      guard end > label, at(end) == 0x2E else { return best }
      label = end + 1
      var letters = 0
      while letters < 4, PTBCharacter.isASCIILetter(at(label + letters)) { letters += 1 }
      if letters >= 2 { best = label + letters }
    }
  }

  /// Labels of letters and rarer marks, then `com`, `net`, `org` or `edu`.
  private func namedHostEnd(_ start: Int) -> Int {
    var best = start
    var label = start
    while true {
      var end = label
      while isHostCharacter(at(end)) { end += 1 }
      guard end > label, at(end) == 0x2E else { return best }
      label = end + 1
      let isNamed =
        hasText("com", at: label) || hasText("net", at: label) || hasText("org", at: label)
        || hasText("edu", at: label)
      if isNamed { best = label + 3 }
    }
  }

  /// The reference's class leaves out all from `,` to `_`, digits and capitals among them.
  private func isHostCharacter(_ value: UInt32) -> Bool {
    if value > 0x7F { return !PTBCharacter.isLineBreak(value) }
    return value > 0x20 && !(0x2C...0x5F).contains(value) && !Self.hostStops.contains(value)
  }

  private func mailAddressEnd() -> Int? {
    var end = position
    while at(end) > 0x20, at(end) != 0x40, at(end) != 0xA0, !Self.addressStops.contains(at(end)) {
      end += 1
    }
    guard at(end) == 0x40 else { return nil }
    let host = end + 1
    end = host
    while at(end) > 0x20, at(end) != 0xA0, !Self.addressStops.contains(at(end)) { end += 1 }
    while end > host, at(end - 1) == 0x2E { end -= 1 }
    return end > host ? end : nil
  }

  /// `"`, `<`, `>`, `|`, `(`, `)`.
  private static let addressStops: Set<UInt32> = [0x22, 0x3C, 0x3E, 0x7C, 0x28, 0x29]

  /// `"`, `<`, `>`, `|`, `(`, `)`, `{`, `}`.
  private static let pathStops: Set<UInt32> = [0x22, 0x3C, 0x3E, 0x7C, 0x28, 0x29, 0x7B, 0x7D]

  /// `.`, `!`, `?`, `,`.
  private static let labelStops: Set<UInt32> = [0x2E, 0x21, 0x3F, 0x2C]

  /// `"`, `` ` ``, `'`, `|`, `!`, `(`, `)`, `{`, `}`, `$`.
  private static let hostStops: Set<UInt32> = [
    0x22, 0x60, 0x27, 0x7C, 0x21, 0x28, 0x29, 0x7B, 0x7D, 0x24,
  ]

  /// `.`, `!`, `?`, `(`, `)`, `{`, `}`, `,`, `-`.
  private static let closingMarks: Set<UInt32> = [
    0x2E, 0x21, 0x3F, 0x28, 0x29, 0x7B, 0x7D, 0x2C, 0x2D,
  ]
}
