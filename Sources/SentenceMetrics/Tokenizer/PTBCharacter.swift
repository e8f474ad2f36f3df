/// The character classes that the tokenizer tells apart, by Unicode scalar value.
enum PTBCharacter {
  /// A letter or a mark that belongs to one.
  static func isLetter(_ value: UInt32) -> Bool {
    if value < 0x80 { return (0x61...0x7A).contains(value | 0x20) }
    return isWordCharacter(value) && !isDecimal(value)
  }

  /// A decimal digit of any script.
  static func isDigit(_ value: UInt32) -> Bool {
    if value < 0x80 { return (0x30...0x39).contains(value) }
    return isWordCharacter(value) && isDecimal(value)
  }

  private static func isDecimal(_ value: UInt32) -> Bool {
    Unicode.Scalar(value)?.properties.generalCategory == .decimalNumber
  }

  private static func isWordCharacter(_ value: UInt32) -> Bool {
    value <= 0xFFFF && !isInnerApostrophe(value)
      && PTBAlphabet.contains(value, in: PTBAlphabet.wordCharacters)
  }

  static func isAlphanumeric(_ value: UInt32) -> Bool { isLetter(value) || isDigit(value) }

  static func isASCIIUppercase(_ value: UInt32) -> Bool { (0x41...0x5A).contains(value) }

  static func isASCIILetter(_ value: UInt32) -> Bool { value < 0x80 && isLetter(value) }

  static func isASCIIAlphanumeric(_ value: UInt32) -> Bool { value < 0x80 && isAlphanumeric(value) }

  static func isApostrophe(_ value: UInt32) -> Bool {
    value == 0x27 || value == 0x2019 || value == 0x92
  }

  /// Marks that count as an apostrophe between letters.
  static func isInnerApostrophe(_ value: UInt32) -> Bool {
    isApostrophe(value) || value == 0x60 || value == 0x2018 || value == 0x201B || value == 0x91
  }

  static func isLineBreak(_ value: UInt32) -> Bool {
    (0x0A...0x0D).contains(value) || value == 0x85 || value == 0x2028 || value == 0x2029
  }

  static func isSpace(_ value: UInt32) -> Bool {
    value == 0x20 || value == 0x0A || value == 0x09 || value == 0xA0 || value == 0x3000
      || (0x2000...0x200A).contains(value)
  }

  /// Whether the tokenizer keeps the character as a token of its own; all others (emoji, scripts'
  /// rarer marks, controls) are dropped.
  static func isSymbol(_ value: UInt32) -> Bool {
    PTBAlphabet.contains(value, in: PTBAlphabet.symbols)
  }

  /// Lower case as Java has it: a sigma that ends a word has a form of its own.
  static func lowercased(_ token: String) -> String {
    let lower = token.lowercased()
    guard token.unicodeScalars.contains("\u{3A3}") else { return lower }
    var result = Array(lower.unicodeScalars)
    for (index, scalar) in token.unicodeScalars.enumerated()
    where scalar == "\u{3A3}" && index > 0 && result.count == token.unicodeScalars.count {
      let follows = index + 1 < result.count && result[index + 1].properties.isCased
      if result[index - 1].properties.isCased && !follows { result[index] = "\u{3C2}" }
    }
    return String(String.UnicodeScalarView(result))
  }
}
