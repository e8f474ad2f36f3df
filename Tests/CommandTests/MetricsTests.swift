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
