extension PTBScanner {
  /// The end of `<tag>`, `</tag>`, `<tag name="value">` or `<!-- … -->` at a place.
  func markupEnd(_ start: Int) -> Int? {
    guard at(start) == 0x3C else { return nil }
    let next = at(start + 1)
    if next == 0x21 || next == 0x3F { return declarationEnd(start) }
    if next == 0x2F {
      let end = nameEnd(start + 2)
      return end > start + 2 ? closing(end) : nil
    }
    var end = nameEnd(start + 1)
    guard end > start + 1 else { return nil }
    while let next = attributeEnd(end) { end = next }
    end = spacesEnd(end, in: 0x20)
    return closing(at(end) == 0x2F ? end + 1 : end)
  }

  /// A letter must follow, so that `<3` is no tag.
  private func declarationEnd(_ start: Int) -> Int? {
    var end = start + 2
    guard PTBCharacter.isASCIILetter(at(end)) || at(end) == 0x2D else { return nil }
    while at(end) != 0x3E {
      if at(end) == 0 || at(end) == 0x0A { return nil }
      end += 1
    }
    return end + 1
  }

  private func closing(_ place: Int) -> Int? {
    let end = spacesEnd(place, in: 0x20)
    return at(end) == 0x3E ? end + 1 : nil
  }

  private func nameEnd(_ start: Int) -> Int {
    guard PTBCharacter.isASCIILetter(at(start)) else { return start }
    var end = start
    while PTBCharacter.isASCIIAlphanumeric(at(end)) || [0x3A, 0x2E, 0x2D, 0x5F].contains(at(end)) {
      end += 1
    }
    return end
  }

  /// ` name` or ` name="value"`; a value needs its quotes.
  private func attributeEnd(_ start: Int) -> Int? {
    let name = spacesEnd(start, in: 0x20)
    let end = nameEnd(name)
    guard name > start, end > name else { return nil }
    let sign = spacesEnd(end, in: 0x20)
    guard at(sign) == 0x3D else { return end }
    let open = spacesEnd(sign + 1, in: 0x20)
    guard at(open) == 0x22 || at(open) == 0x27 else { return nil }
    var close = open + 1
    while at(close) != at(open) {
      if at(close) == 0 || at(close) == 0x0A { return nil }
      close += 1
    }
    return close + 1
  }

  private func spacesEnd(_ start: Int, in space: UInt32) -> Int {
    var end = start
    while at(end) == space { end += 1 }
    return end
  }
}
