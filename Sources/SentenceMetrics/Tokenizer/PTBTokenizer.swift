/// Splits captions into words as pycocoevalcap 1.2 does, which runs Stanford's PTBTokenizer
/// (CoreNLP 3.4.1, `-preserveLines -lowerCase`) and drops punctuation.
///
/// Written from the tokenizer's observed behaviour, and compared with it on tens of thousands of
/// plain and odd lines.
///
/// The reference reads all captions as one text, a caption a line, and looks across line ends:
/// “plan B.” keeps its period unless the next caption begins as sentences do, “No.” only before a
/// caption that begins with a digit.
public enum PTBTokenizer {
  /// The words of one caption by itself, without punctuation.
  ///
  /// - Parameter caption: Any text; a line break counts as a space.
  /// - Returns: Lower-case words, none of them empty.
  public static func words(in caption: String) -> [String] {
    words(inFirstOf: [caption])
  }

  /// The words of the first of some captions that follow each other.
  static func words(inFirstOf captions: [String]) -> [String] {
    (tokens(inLines: captions).first ?? []).filter { !dropped.contains($0) }
  }

  /// Whether a caption's words may depend on the captions behind it: its last word is a letter or
  /// an abbreviation of numberings, with a period.
  package static func looksAhead(_ caption: String) -> Bool {
    // Most captions end in a word of some letters.
    let last = caption.utf8.suffix(6)
    if last.last == UInt8(ascii: "."), last.dropLast().allSatisfy({ (0x61...0x7A).contains($0) }),
      last.count == 6
    {
      return false
    }
    var end = Substring(caption).unicodeScalars
    while let last = end.last, PTBCharacter.isSpace(last.value) { end.removeLast() }
    guard end.popLast() == "." else { return false }
    let word = end.suffix(5).reversed().prefix { PTBCharacter.isASCIILetter($0.value) }
    if word.count == 1 { return true }
    return word.count < 5
      && PTBAbbreviations.beforeNumbers.contains(
        String(String.UnicodeScalarView(word.reversed())).lowercased())
  }

  /// Whether a caption has nothing but spaces.
  package static func isBlank(_ caption: String) -> Bool {
    caption.unicodeScalars.allSatisfy { PTBCharacter.isSpace($0.value) }
  }

  /// The words of one token: a few kinds, such as telephone numbers, may hold spaces.
  static func parts(of token: String) -> [String] {
    guard hasSpace(token) else { return [token] }
    return token.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
      .map { String(String.UnicodeScalarView($0)) }
  }

  /// Whether a token holds a space, which is never an ASCII one.
  static func hasSpace(_ token: String) -> Bool {
    token.utf8.contains { $0 >= 0xC2 }
      && token.unicodeScalars.contains(where: \.properties.isWhitespace)
  }

  /// The tokens of captions that are read as one text, punctuation included.
  static func tokens(inLines captions: [String]) -> [[String]] {
    var scalars: [UInt32] = []
    for caption in captions {
      for scalar in caption.unicodeScalars {
        scalars.append(PTBCharacter.isLineBreak(scalar.value) ? 0x20 : scalar.value)
      }
      scalars.append(0x0A)
    }
    var scanner = PTBScanner(scalars)
    return scanner.lines(count: captions.count)
  }

  /// Tokens that pycocoevalcap drops. It means to drop brackets too, but compares `-LRB-` with
  /// text that is lower-case by then, so `-lrb-` stays.
  private static let dropped: Set<String> = [
    "''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";",
  ]
}
