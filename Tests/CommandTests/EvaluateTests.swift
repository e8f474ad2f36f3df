import Foundation
import Testing

struct EvaluateTests {
  private let files: ClipFiles

  init() throws { files = try ClipFiles() }

  private func evaluate(
    _ options: String...
  ) async throws -> (status: Int32, output: String, error: String) {
    try await Program.run(
      ["evaluate", "--truth", files.truth, "--predictions", files.predictions] + options)
  }

  @Test func `figures are given by clip, by category and for all`() async throws {
    for name in ["one", "two", "three"] {
      try files.addTruth(name, category: name == "three" ? "flute" : "dog barking")
    }
    try files.addPrediction("one")
    try files.addPrediction("two", first: [1, 0, 0, 0], caption: "The dog is barking.")
    try files.addPrediction("three", first: [0, 1, 0, 1], caption: "A flute.")
    let result = try await evaluate("--json")
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.isEmpty)
    let report = try MetricDocument(result.output)
    // Per clip the mean of a sounding and a silent moment, which everybody gets right: 1.
    let expected = ["one": 1.0, "two": 0.75, "three": 0.5]
    for (clip, value) in expected {
      let found = try #require(report.byClip[clip]?.iou)
      #expect(abs(found.value - value) < 1e-6, "\(clip)")
      #expect(found.ci95 == nil)
    }
    let overall = try #require(report.overall.iou)
    #expect(abs(overall.value - 0.75) < 1e-6)
    let interval = try #require(overall.ci95)
    #expect(interval.count == 2 && interval[0] < 0.75 && interval[1] > 0.75)
    #expect(abs((report.byCategory["dog barking"]?.iou?.value ?? 0) - 0.875) < 1e-6)
    #expect(report.n.clips == 3 && report.n.captions == 3)
    #expect(report.signature["mIoU"]?.contains("AVSBench") == true)
  }

  @Test func `tables show the same figures, the intervals and what they mean`() async throws {
    for name in ["one", "two"] { try files.addTruth(name) }
    try files.addPrediction("one")
    try files.addPrediction("two", first: [1, 0, 0, 0])
    let result = try await evaluate()
    #expect(result.status == 0, "\(result.error)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("mIoU ") && $0.contains("0.875  0.750 to 1.000") })
    #expect(lines.contains { $0.hasPrefix("dog barking") && $0.contains("0.875 (0.750 to 1.000)") })
    #expect(lines.contains { $0.hasPrefix("two ") && $0.contains("0.750") })
    #expect(result.output.contains("bootstrap over clips"))
  }

  @Test func `what cannot be scored is listed and ends with status 3`() async throws {
    try files.addTruth("good")
    try files.addPrediction("good")
    try files.addTruth("missing")
    try files.addPrediction("stranger")
    let file = files.path + "/report.json"
    let result = try await evaluate("--output", file)
    #expect(result.status == 3)
    for clip in ["missing", "stranger"] {
      #expect(result.error.contains("not scored: \(clip): "))
    }
    let report = try MetricDocument(String(contentsOfFile: file, encoding: .utf8))
    #expect(report.unscored.map(\.clip) == ["missing", "stranger"])
    #expect(abs((report.overall.iou?.value ?? 0) - 1) < 1e-6)
  }

  @Test func `with a split, clips of others take no part and unknown ones are listed`()
    async throws
  {
    try files.write(#"{"splits": {"test": ["one"], "train": ["two"]}}"#, to: "truth/dataset.json")
    for name in ["one", "two"] {
      try files.addTruth(name)
      try files.addPrediction(name)
    }
    try files.addPrediction("stranger")
    let result = try await evaluate("--split", "test", "--json")
    #expect(result.status == 3)
    let report = try MetricDocument(result.output)
    #expect(report.byClip.keys.map(\.self) == ["one"])
    #expect(report.unscored.map(\.clip) == ["stranger"])
  }

  @Test func `any number of threads gives the same bytes`() async throws {
    for number in 0..<60 {
      try files.addTruth("clip\(number)", category: "category \(number % 4)")
      try files.addPrediction(
        "clip\(number)", first: number % 3 == 0 ? [1, 0, 0, 0] : [1, 0, 1, 0],
        caption: "Dog number \(number % 7) is barking.")
    }
    let one = try await evaluate("--threads", "1", "--json")
    #expect(one.status == 0)
    for threads in ["2", "8"] {
      let more = try await evaluate("--threads", threads, "--json")
      #expect(more.output == one.output)
    }
  }

  /// Starts the program from a shell, with its output going nowhere that is read.
  private func shell(_ command: String, _ options: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", command, Program.path, "evaluate", "--truth", files.truth, "--predictions"]
      + [files.predictions] + options
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  @Test func `the report's file is whole though nobody reads the tables`() throws {
    try files.addTruth("one")
    try files.addPrediction("one")
    let file = files.path + "/report.json"
    let process = try shell(#""$0" "$@" | true"#, ["--output", file])
    process.waitUntilExit()
    let report = try MetricDocument(String(contentsOfFile: file, encoding: .utf8))
    #expect(report.n.clips == 1)
  }

  @Test func `temporary files without room are an error that says what to do`() throws {
    let caption = String(repeating: "The dog is barking at the pigeon. ", count: 40)
    for number in 0..<2000 {
      try files.addTruth("clip\(number)")
      try files.addPrediction("clip\(number)", caption: caption)
    }
    // No file may have more than a few blocks; without the signal the program is told so.
    let said = files.path + "/said"
    let process = try shell(#"ulimit -f 8; trap "" XFSZ; exec "$0" "$@" 2> "\#(said)""#, [])
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    let error = try String(contentsOfFile: said, encoding: .utf8)
    #expect(error.contains("temporary file") && error.contains("TMPDIR"), "\(error)")
    #expect(error.split(separator: "\n").count == 1)
  }

  @Test func `wrong input ends with status 2 and names what is wrong`() async throws {
    let nowhere = try await evaluate()
    #expect(nowhere.status == 2)
    #expect(nowhere.error.contains(files.truth))
    try files.addTruth("one")
    try files.write("{", to: "predictions/one/prediction.json")
    let nothing = try await evaluate()
    #expect(nothing.status == 2)
    #expect(nothing.error.contains("one/prediction.json"))
    #expect(nothing.error.contains("holds no prediction that can be scored"))
    let usage = try await Program.run(["evaluate", "--truth", files.truth])
    #expect(usage.status == 2)
    #expect(usage.error.contains("--predictions"))
  }

  @Test func `a run that was killed goes on where it was and gives the same bytes`() async throws {
    let count = 2000
    for number in 0..<count {
      try files.addTruth("clip\(number)")
      try files.addPrediction(
        "clip\(number)", first: number % 3 == 0 ? [1, 0, 0, 0] : [1, 0, 1, 0])
    }
    let cache = files.path + "/scores"
    let (whole, resumed) = (files.path + "/whole.json", files.path + "/resumed.json")
    #expect(try await evaluate("--output", whole).status == 0)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = [
      "evaluate", "--truth", files.truth, "--predictions", files.predictions, "--cache", cache,
      "--output", resumed,
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    while process.isRunning, try keptScores(cache).count < count / 10 {
      try await Task.sleep(for: .milliseconds(2))
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    let kept = try keptScores(cache)
    #expect(kept.count >= count / 10 && kept.count < count)
    #expect(!FileManager.default.fileExists(atPath: resumed))

    #expect(try await evaluate("--cache", cache, "--output", resumed).status == 0)
    #expect(
      try Data(contentsOf: .init(filePath: resumed)) == Data(contentsOf: .init(filePath: whole)))
    let after = try keptScores(cache)
    #expect(after.count == count && kept.allSatisfy { after[$0.key] == $0.value })
  }

  /// The scores in a cache with when each was written.
  private func keptScores(_ folder: String) throws -> [String: Date] {
    let files = FileManager.default
    let names =
      files.fileExists(atPath: folder) ? try files.subpathsOfDirectory(atPath: folder) : []
    var dates: [String: Date] = [:]
    for name in names where name.hasSuffix(".json") {
      dates[name] =
        try files.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate] as? Date
    }
    return dates
  }

  @Test func `a report that cannot be written is an error, after the figures`() async throws {
    try files.addTruth("one")
    try files.addPrediction("one")
    let file = files.path + "/no such folder/report.json"
    let result = try await evaluate("--output", file)
    #expect(result.status == 2)
    #expect(result.error.contains(file))
    #expect(result.output.contains("mIoU"))
  }
}
