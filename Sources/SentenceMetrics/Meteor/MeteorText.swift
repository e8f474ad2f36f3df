/// Splits an already tokenized caption once more, as METEOR 1.5 does with `-norm`.
///
/// Hyphenated words fall apart, `n't` becomes `n 't`, `'s` becomes `' s`, and periods inside
/// abbreviations go. The steps follow METEOR's documented order.
enum MeteorText {
  /// METEOR's words of a caption.
  static func words(of caption: [String]) -> [String] {
    if isPlain(caption) { return caption }
    var text = Array((" " + caption.joined(separator: " ") + " ").unicodeScalars)
    if text.contains(".") { text = separatingDots(text) }
    if text.contains(where: standsAlone) {
      text = text.flatMap { standsAlone($0) ? [" ", $0, " "] : [$0] }
    }
    if text.contains(",") { text = separatingCommas(text) }
    text = unifyingQuotes(text)
    if text.contains("-") { text = separatingHyphens(text) }
    if text.contains("'") { text = separatingApostrophes(text) }
    let parts = text.split(whereSeparator: isASCIISpace).map {
      String(String.UnicodeScalarView($0))
    }
    let words = separatingPeriods(parts).filter { !isSpace($0) }.map { $0.lowercased() }
    if !text.contains(dotInRun) { return words }
    return words.map {
      String(String.UnicodeScalarView($0.unicodeScalars.map { $0 == dotInRun ? "." : $0 }))
    }
  }

  /// Whether nothing changes a caption's words.
  static func isPlain(_ caption: [String]) -> Bool { caption.allSatisfy(isPlain) }

  /// Whether a word is only small letters and digits, which nothing changes.
  private static func isPlain(_ word: String) -> Bool {
    word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
  }

  private static func isASCIISpace(_ scalar: Unicode.Scalar) -> Bool {
    (0x09...0x0D).contains(scalar.value) || scalar.value == 0x20
  }

  /// Whether a word is one of the spaces beyond ASCII, which METEOR takes away last.
  private static func isSpace(_ word: String) -> Bool {
    word.unicodeScalars.allSatisfy {
      $0.value == 0xA0 || $0.value == 0x3000 || (0x2000...0x200B).contains($0.value)
    }
  }

  /// Stands for a period of a run of periods, which is a word of its own, until the end.
  private static let dotInRun: Unicode.Scalar = "\u{E000}"

  private static func separatingDots(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var index = 0
    while index < text.count {
      var end = index
      while end < text.count, text[end] == "." { end += 1 }
      if end > index + 1 {
        result += [" "] + [Unicode.Scalar](repeating: dotInRun, count: end - index) + [" "]
        index = end
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x17E, 0x400...0x527,
      0xA640...0xA66E, 0xA67E...0xA697, 0x1D00...0x1D7F, dotInRun.value:
      true
    default: false
    }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    (0x30...0x39).contains(scalar.value)
  }

  private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    isLetter(scalar) || isDigit(scalar)
  }

  private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", "'", "`", ",", "-", "\u{2018}", "\u{2019}": false
    default: !isAlphanumeric(scalar) && !isASCIISpace(scalar)
    }
  }

  /// Goes through the text in steps of three characters where `decide` gives a replacement for
  /// the middle one, in steps of one elsewhere.
  private static func rewriting(
    _ text: [Unicode.Scalar],
    _ decide: (Unicode.Scalar, Unicode.Scalar, Unicode.Scalar) -> String?
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var index = 0
    while index < text.count {
      if index + 2 < text.count,
        let middle = decide(text[index], text[index + 1], text[index + 2])
      {
        result.append(text[index])
        result.append(contentsOf: middle.unicodeScalars)
        result.append(text[index + 2])
        index += 3
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  private static func separatingCommas(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var text = rewriting(text) { $1 == "," && !isDigit($0) && !isDigit($2) ? " , " : nil }
    text = rewriting(text) { $1 == "," && isDigit($0) && !isDigit($2) ? " , " : nil }
    return rewriting(text) { $1 == "," && !isDigit($0) && isDigit($2) ? " , " : nil }
  }

  private static func unifyingQuotes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for scalar in text {
      switch scalar {
      case "`", "\u{2018}", "\u{2019}": appendQuote(to: &result)
      case "'": appendQuote(to: &result)
      case "\u{201C}", "\u{201D}": result += [" ", "\"", " "]
      case "\u{2013}": result.append("-")
      default: result.append(scalar)
      }
    }
    return result
  }

  /// Two apostrophes in a row are a double quote.
  private static func appendQuote(to result: inout [Unicode.Scalar]) {
    if result.last == "'" {
      result.removeLast()
      result += [" ", "\"", " "]
    } else {
      result.append("'")
    }
  }

  private static func separatingHyphens(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var single: [Unicode.Scalar] = []
    var wasHyphen = false
    for scalar in text {
      let joins = scalar == "-" && wasHyphen
      if !joins { single.append(scalar) }
      wasHyphen = scalar == "-" && !joins
    }
    return rewriting(single) {
      $1 == "-" && (isAlphanumeric($0) || $0 == ".") && isAlphanumeric($2) ? " " : nil
    }
  }

  private static func separatingApostrophes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var text = rewriting(text) { $1 == "'" && !isLetter($0) && !isLetter($2) ? " ' " : nil }
    text = rewriting(text) { $1 == "'" && !isAlphanumeric($0) && isLetter($2) ? " ' " : nil }
    text = rewriting(text) { $1 == "'" && isLetter($0) && !isLetter($2) ? " ' " : nil }
    text = rewriting(text) { $1 == "'" && isLetter($0) && isLetter($2) ? " '" : nil }
    return rewriting(text) { $1 == "'" && isDigit($0) && $2 == "s" ? " '" : nil }
  }

  /// Words of lower-case text that keep their period.
  private static let abbreviations: Set<String> = ["v", "vs", "rev", "e.g", "i.e"]

  private static func separatingPeriods(_ words: [String]) -> [String] {
    var result: [String] = []
    for (index, word) in words.enumerated() {
      guard word.count > 1, word.hasSuffix("."), word.contains(where: { $0 != "." }) else {
        result.append(word)
        continue
      }
      let stem = String(word.dropLast())
      let next = index + 1 < words.count ? words[index + 1].unicodeScalars.first : nil
      if stem.contains("."), stem.unicodeScalars.contains(where: isLetter) {
        result.append(word.filter { $0 != "." })
      } else if abbreviations.contains(stem) || next.map({ ("a"..."z").contains($0) }) == true {
        result.append(word)
      } else if stem == "pp", next.map(isDigit) == true {
        result.append(word)
      } else {
        result += [stem, "."]
      }
    }
    return result
  }
}
