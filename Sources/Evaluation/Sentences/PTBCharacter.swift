/// The character classes that the tokenizer tells apart, by Unicode scalar value.
enum PTBCharacter {
  /// A letter or a mark that belongs to one.
  static func isLetter(_ value: UInt32) -> Bool {
    if value < 0x80 { return (0x61...0x7A).contains(value | 0x20) }
    guard value <= 0xFFFF, let scalar = Unicode.Scalar(value) else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark:
      return !isVariationSelector(value)
    default: return false
    }
  }

  /// A decimal digit of any script.
  static func isDigit(_ value: UInt32) -> Bool {
    if value < 0x80 { return (0x30...0x39).contains(value) }
    guard value <= 0xFFFF, let scalar = Unicode.Scalar(value) else { return false }
    return scalar.properties.generalCategory == .decimalNumber
  }

  static func isAlphanumeric(_ value: UInt32) -> Bool { isLetter(value) || isDigit(value) }

  static func isASCIIUppercase(_ value: UInt32) -> Bool { (0x41...0x5A).contains(value) }

  static func isASCIILetter(_ value: UInt32) -> Bool { value < 0x80 && isLetter(value) }

  static func isASCIIAlphanumeric(_ value: UInt32) -> Bool { value < 0x80 && isAlphanumeric(value) }

  static func isApostrophe(_ value: UInt32) -> Bool { value == 0x27 || value == 0x2019 }

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
    symbolRanges.contains { $0.contains(value) }
  }

  private static func isVariationSelector(_ value: UInt32) -> Bool {
    (0xFE00...0xFE0F).contains(value)
  }

  private static let symbolRanges: [ClosedRange<UInt32>] = [
    0x21...0x7E, 0xA1...0xAC, 0xAE...0xF7, 0x37E...0x37E, 0x387...0x387, 0x589...0x589,
    0x5BE...0x5C6, 0x5F3...0x5F4, 0x60C...0x60C, 0x61B...0x61F, 0x66A...0x66A, 0x66D...0x66D,
    0x6D4...0x6D4, 0x964...0x965, 0xE3F...0xE3F, 0x2013...0x2023, 0x2026...0x2026,
    0x2030...0x2042, 0x2044...0x2044, 0x2070...0x208E, 0x20A0...0x20A0, 0x20A4...0x20A4,
    0x20AC...0x20AC, 0x2100...0x215E, 0x2190...0x2BFF, 0x3001...0x3002, 0x30FB...0x30FB,
    0xFF01...0xFF65,
  ]
}
