import Annotations
import Media

/// The names of folders and files of a site: plain ASCII, whatever ids and names hold.
///
/// A text that is no plain name keeps its plain part and gets a piece of its hash, so different
/// texts never share a name and a text always gets the same name.
struct PageAddress {
  /// The names given so far, in lower case, because some file systems ignore case.
  private var taken: Set<String> = []

  /// A name for `text` that no other text of this folder has.
  mutating func name(for text: String) -> String {
    let plain = Self.plainPart(of: text)
    if plain == text && !plain.isEmpty && taken.insert(plain.lowercased()).inserted { return plain }
    let digest = ContentHash.sha256(of: Array(text.utf8))
    for length in [8, 16, 64] {
      let name = (plain.isEmpty ? "" : plain + "-") + digest.prefix(length)
      if taken.insert(name.lowercased()).inserted { return name }
    }
    return digest
  }

  /// A hash of a file as part of a name; what is no hash is hashed.
  static func safe(_ digest: String) -> String {
    let isPlain =
      digest.utf8.count >= 24
      && digest.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    return String((isPlain ? digest : ContentHash.sha256(of: Array(digest.utf8))).prefix(24))
  }

  /// The letters, digits, `-`, `_` and inner dots of `text`, at most 60.
  private static func plainPart(of text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars where result.utf8.count < 60 {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-": result.unicodeScalars.append(scalar)
      case "." where !result.isEmpty: result.append(".")
      default: if !result.isEmpty && !result.hasSuffix("-") { result.append("-") }
      }
    }
    while let last = result.last, last == "-" || last == "." { result.removeLast() }
    return result
  }
}
