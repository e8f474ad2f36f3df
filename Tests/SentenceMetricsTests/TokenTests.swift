import Foundation
import Testing

@testable import SentenceMetrics

struct TokenTests {
  private static func golden<Content: Decodable>(
    _ name: String, as type: Content.Type = Content.self, file: String = #filePath
  ) throws -> Content {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Goldens/\(name).json"))
    return try JSONDecoder().decode(type, from: data)
  }

  @Test func `tokens are those of the PTBTokenizer`() throws {
    struct Line: Decodable {
      let line: String
      let tokens: String
    }
    let lines: [Line] = try Self.golden("tokens")
    let tokens = PTBTokenizer.tokens(inLines: lines.map(\.line))
    for (line, found) in zip(lines, tokens) {
      #expect(found.joined(separator: " ") == line.tokens, "\(line.line)")
    }
  }

  @Test func `stems are those of Snowball`() throws {
    let stems: [String: String] = try Self.golden("stems")
    for (word, stem) in stems { #expect(EnglishStemmer.stem(word) == stem, "\(word)") }
  }

  @Test func `only a letter or an abbreviation of numberings before a last period looks ahead`() {
    for caption in ["plan B.", "plan B. ", "No.", "see fig.", "b."] {
      #expect(PTBTokenizer.looksAhead(caption), "\(caption)")
    }
    for caption in ["", ".", "A dog.", "plan B", "plan B.!", "numbers no", "é.", "12."] {
      #expect(!PTBTokenizer.looksAhead(caption), "\(caption)")
    }
  }
}
