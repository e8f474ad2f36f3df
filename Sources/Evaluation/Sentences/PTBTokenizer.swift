/// Splits captions into words as pycocoevalcap 1.2 does, which runs Stanford's PTBTokenizer
/// (CoreNLP 3.4.1, `-preserveLines -lowerCase`) and drops punctuation.
///
/// Written from the tokenizer's observed behaviour, and compared with it on tens of thousands of
/// plain and odd lines.
public enum PTBTokenizer {
  /// The words of one caption, without punctuation.
  ///
  /// - Parameter caption: Any text; a line break counts as a space.
  /// - Returns: Lower-case words, none of them empty.
  public static func words(in caption: String) -> [String] {
    tokens(in: caption).filter { !dropped.contains($0) }
  }

  /// The words of one token: a few kinds, such as telephone numbers, may hold spaces.
  static func parts(of token: String) -> [String] {
    guard token.utf8.contains(where: { $0 >= 0xC2 }),
      token.unicodeScalars.contains(where: \.properties.isWhitespace)
    else { return [token] }
    return token.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
      .map { String(String.UnicodeScalarView($0)) }
  }

  /// The tokens of one caption, punctuation included.
  static func tokens(in caption: String) -> [String] {
    tokens(inLines: [caption]).first ?? []
  }

  /// The tokens of captions that are read as one text, a caption a line, punctuation included.
  ///
  /// The reference looks across line ends: whether “plan B.” keeps its period depends on the next
  /// caption's first word. avu scores each caption by itself, whatever stands beside it.
  static func tokens(inLines captions: [String]) -> [[String]] {
    var scalars: [UInt32] = []
    for caption in captions {
      for scalar in caption.unicodeScalars {
        scalars.append(PTBCharacter.isLineBreak(scalar.value) ? 0x20 : scalar.value)
      }
      scalars.append(0x0A)
    }
    if captions.count == 1 { scalars.removeLast() }
    var scanner = PTBScanner(scalars)
    return scanner.lines(count: captions.count)
  }

  /// Tokens that pycocoevalcap drops. It means to drop brackets too, but compares `-LRB-` with
  /// text that is lower-case by then, so `-lrb-` stays.
  private static let dropped: Set<String> = [
    "''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";",
  ]
}
