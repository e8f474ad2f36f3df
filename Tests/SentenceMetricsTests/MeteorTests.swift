import Foundation
import Testing

@testable import SentenceMetrics

struct MeteorTests {
  /// Tables of a few words, in the form that `make meteor-data` writes.
  private static func tables() throws -> TemporaryTables {
    try TemporaryTables([
      "function-words.txt": "the\na\nof\n",
      "synonyms.tsv": "automobile\t7\ncar\t7\t9\ngoose\t5\nkid\t3\n",
      "irregular.tsv": "geese\tgoose\n",
      "paraphrases.tsv": "a lot of\tmany\tplenty of\nin front\tahead\nin front of\tbefore\n",
    ])
  }

  private func counts(
    _ hypothesis: String, _ reference: String, _ resources: MeteorResources
  ) -> MeteorCounts {
    var vocabulary = Vocabulary()
    let numbers = [hypothesis, reference].map { text in
      vocabulary.numbers(of: text.split(separator: " ").map(String.init))
    }
    var lexicon = MeteorLexicon(resources, vocabulary)
    let words = numbers.map { lexicon.words($0) }
    return MeteorCounts(of: words[0], with: words[1], lexicon: &lexicon)
  }

  @Test func `a phrase stands for words that say the same, in either direction`() throws {
    let tables = try Self.tables()
    let data = try #require(MeteorData(directory: tables.path))
    let longer = counts("a lot of dogs", "many dogs", .complete(data))
    #expect(Array(longer.values[16..<20]) == [1, 1, 2, 0])
    #expect(Array(longer.values.suffix(3)) == [1, 4, 2])
    let shorter = counts("many dogs", "a lot of dogs", .complete(data))
    #expect(Array(shorter.values[16..<20]) == [1, 1, 0, 2])
    #expect(counts("in front of", "before", .complete(data)).score > 0)
    #expect(counts("in front of it", "ahead of it", .complete(data)).values.suffix(3) == [1, 4, 3])
  }

  @Test func `irregular and regular forms have the synonyms of their base`() throws {
    let tables = try Self.tables()
    let data = try #require(MeteorData(directory: tables.path))
    #expect(data.synsets(of: "cars") == [7, 9])
    #expect(data.synsets(of: "geese") == [5])
    #expect(data.synsets(of: "kids") == [3])
    #expect(data.synsets(of: "glass").isEmpty)
    #expect(counts("cars", "automobile", .complete(data)).score > 0)
    #expect(counts("cars", "automobile", .none).score == 0)
  }

  @Test func `a folder without all tables is not used`() throws {
    let tables = try Self.tables()
    try FileManager.default.removeItem(atPath: tables.path + "/irregular.tsv")
    #expect(MeteorData(directory: tables.path) == nil)
    #expect(MeteorData(directory: "/nonexistent") == nil)
  }

  @Test func `a sentence of many words is aligned`() throws {
    let words = (0..<300).map { "w\($0 % 7)" }.joined(separator: " ")
    #expect(counts(words, words, .none).score == 1)
    let other = (0..<300).map { "w\($0 % 5)" }.joined(separator: " ")
    let score = counts(words, other, .none).score
    #expect(score > 0 && score < 1)
  }

  @Test func `lines are found by their key, first, last and between`() throws {
    let tables = try TemporaryTables(["t": "a\t1\na b\t2\nab\t3\nz\t4"])
    let file = URL(fileURLWithPath: tables.path + "/t")
    let lines = try #require(SortedLines(file: file, separator: 0x09))
    #expect(lines.fields(of: "a") == ["a", "1"])
    #expect(lines.fields(of: "a b") == ["a b", "2"])
    #expect(lines.fields(of: "z") == ["z", "4"])
    for key in ["", "0", "a ", "aa", "zz", "b", "a\t1"] { #expect(lines.fields(of: key).isEmpty) }
    #expect(lines.lookUp(Array("a".utf8)).isPrefix)
    #expect(!lines.lookUp(Array("ab".utf8)).isPrefix)
    #expect(!lines.lookUp(Array("z".utf8)).isPrefix)
  }
}

/// Files in a folder that goes with the value.
final class TemporaryTables {
  let path = FileManager.default.temporaryDirectory.path + "/avu-tables-\(UUID().uuidString)"

  init(_ files: [String: String]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
