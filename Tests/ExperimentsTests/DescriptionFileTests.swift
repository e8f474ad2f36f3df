import Annotations
import Evaluation
import Experiments
import Testing

struct DescriptionFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ text: String) throws -> DescriptionFile {
    try DescriptionFile(path: folder.write(text, to: "said.jsonl"))
  }

  private func truth(_ id: String = "a") throws -> ClipTruth {
    ClipTruth(
      id: try ClipID(id), frameTimes: [0.5, 1.5, 2.5], sounding: [true, true, false],
      captions: [["A dog."], ["A cat."], []])
  }

  @Test func `sentences belong to moments by number, by time, or to all`() throws {
    let file = try file(
      """
      {"clip": "a", "frame": 0, "caption": "first"}

      {"clip": "a", "time": 1.4, "caption": "second"}
      {"clip": "b", "caption": "all"}
      """)
    #expect(file.problems.isEmpty && Array(file.names) == ["a", "b"])
    let score = try file.score(against: truth())
    #expect(score.frames.map(\.hypothesis) == ["first", "second"])
    #expect(score.frames.allSatisfy { $0.iou == nil })
    #expect(score.problems.isEmpty)
    #expect(try file.score(against: truth("b")).frames.map(\.hypothesis) == ["all", "all", "all"])
  }

  @Test func `a sounding moment without a sentence is listed, and a clip without any refused`()
    throws
  {
    let file = try file(#"{"clip": "a", "frame": 1, "caption": "second"}"#)
    #expect(try file.score(against: truth()).problems == ["no sentence is given for 0.5 s"])
    #expect(throws: EvaluationError.self) { try file.score(against: truth("c")) }
  }

  @Test func `bad and repeated lines are listed by number and the rest goes on`() throws {
    let file = try file(
      """
      {"clip": "a", "frame": 0, "caption": "first"}
      {"clip": "a", "frame": 0, "caption": "again"}
      not JSON
      {"clip": "a"}
      """)
    #expect(
      file.problems.map { String($0.clip.split(separator: ":").last ?? "") } == ["2", "3", "4"])
    #expect(try file.score(against: truth()).frames.map(\.hypothesis) == ["first"])
    #expect(throws: ExperimentError.self) { try self.file("nothing\n") }
  }

  @Test func `the digest changes with a clip's own sentences only`() throws {
    let id = try ClipID("a")
    let first = try file(#"{"clip": "a", "caption": "x"}"#).digest(of: id)
    let other = try file(
      "{\"clip\": \"a\", \"caption\": \"x\"}\n{\"clip\": \"b\", \"caption\": \"y\"}")
    #expect(other.digest(of: id) == first && first != nil)
    #expect(try file(#"{"clip": "a", "caption": "z"}"#).digest(of: id) != first)
    #expect(other.digest(of: try ClipID("c")) == nil)
  }
}
