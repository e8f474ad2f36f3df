import Foundation
import Testing

struct MetricsTests {
  private let files: ClipFiles

  init() throws { files = try ClipFiles() }

  @Test func `sentences are scored, as tables and as JSON`() async throws {
    let file = try files.write(
      """
      {"references": {"1": ["A dog barks."], "2": ["The red bus is passing by."]},
       "hypotheses": {"1": "A dog barks.", "2": "The bus is passing by."}}
      """, to: "sentences.json")
    let document = try await Program.run(["metrics", "captions", file, "--json"])
    #expect(document.status == 0, "\(document.error)")
    let report = try MetricDocument(document.output)
    // 8 of 8 words are right; 8 words where the references have 9: exp(1 - 9/8).
    #expect(abs((report.overall.bleu?.value ?? 0) - exp(-0.125)) < 1e-6)
    #expect(report.n.captions == 2)
    #expect(report.overall.iou == nil)
    let table = try await Program.run(["metrics", "captions", file])
    #expect(table.status == 0)
    #expect(table.output.contains("CIDEr-D as pycocoevalcap"))
    #expect(table.output.split(separator: "\n").contains { $0.hasPrefix("BLEU-1 ") })
  }

  @Test func `ids without a partner are listed and end with status 3`() async throws {
    let file = try files.write(
      #"{"references": {"1": "A dog.", "2": "A cat."}, "hypotheses": {"1": "A dog.", "3": "x"}}"#,
      to: "sentences.json")
    let result = try await Program.run(["metrics", "captions", file])
    #expect(result.status == 3)
    #expect(result.error.contains("not scored: 2: it has no hypothesis"))
    #expect(result.error.contains("not scored: 3: it has no reference"))
  }

  @Test(arguments: ["", "[]", "{\"references\": {}, \"hypotheses\": {}}"])
  func `a file of another kind ends with status 2`(_ text: String) async throws {
    let file = try files.write(text, to: "wrong.json")
    let result = try await Program.run(["metrics", "captions", file])
    #expect(result.status == 2)
    #expect(result.error.contains(file))
    #expect(result.output.isEmpty)
  }

  @Test func `a missing file ends with status 2`() async throws {
    let result = try await Program.run(["metrics", "captions", files.path + "/none.json"])
    #expect(result.status == 2)
    #expect(result.error.contains("none.json"))
  }
}

/// Two runs, compared from the command line.
struct CompareTests {
  private let files: ClipFiles

  init() throws { files = try ClipFiles() }

  /// Scores as many sentences, the first few of which are wrong, and keeps the report.
  private func report(_ name: String, wrong: Int, of count: Int = 40) async throws -> String {
    let ids = (0..<count).map { "\"\($0)\"" }
    let references = ids.enumerated().map { "\($1): \"The dog number \($0) is barking loudly.\"" }
    let hypotheses = ids.enumerated().map { index, id in
      "\(id): \"\(index < wrong ? "A cat" : "The dog number \(index) is barking loudly.")\""
    }
    let sentences = try files.write(
      "{\"references\": {\(references.joined(separator: ","))},"
        + " \"hypotheses\": {\(hypotheses.joined(separator: ","))}}", to: "\(name)-sentences.json")
    let file = files.path + "/\(name).json"
    let result = try await Program.run(["metrics", "captions", sentences, "--output", file])
    #expect(result.status == 0, "\(result.error)")
    return file
  }

  @Test func `a run with many sentences mended is better, one with one mended is not`() async throws
  {
    let before = try await report("before", wrong: 25)
    let after = try await report("after", wrong: 2)
    let result = try await Program.run(["metrics", "compare", before, after])
    #expect(result.status == 0, "\(result.error)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("ROUGE-L ") && $0.hasSuffix("better") })
    let nearly = try await report("nearly", wrong: 24)
    let noise = try await Program.run(["metrics", "compare", before, nearly])
    #expect(noise.status == 0)
    #expect(!noise.output.contains("better"))
    #expect(noise.output.contains("no significant change"))
  }

  @Test func `other sets of sentences are compared where they overlap, with a word`() async throws {
    let first = try await report("first", wrong: 3)
    let second = try await report("second", wrong: 3, of: 41)
    let result = try await Program.run(["metrics", "compare", first, second, "--json"])
    #expect(result.status == 3)
    #expect(result.error.contains("not compared: 40: only one of the runs has it"))
    #expect(result.error.contains("CIDEr"))
    #expect(result.output.contains("\"verdict\" : \"no significant change\""))
  }

  @Test func `a file that is no report is refused by name`() async throws {
    let report = try await report("report", wrong: 1, of: 3)
    let file = try files.write("{}", to: "no-report.json")
    let result = try await Program.run(["metrics", "compare", report, file])
    #expect(result.status == 2)
    #expect(result.error.contains("no-report.json"))
  }

  @Test func `strict scoring stops at the first id without a partner`() async throws {
    let file = try files.write(
      #"{"references": {"1": "A dog.", "2": "A cat."}, "hypotheses": {"1": "A dog."}}"#,
      to: "strict.json")
    let result = try await Program.run(["metrics", "captions", file, "--strict"])
    #expect(result.status == 2)
    #expect(result.error.contains("“2”") && result.error.contains("no hypothesis"))
    #expect(result.output.isEmpty)
  }
}
