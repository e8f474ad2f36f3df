import Experiments
import Foundation

/// Sizes and speeds of models: from files that people name, or measured once and kept.
struct ExperimentBenchmarks {
  /// A benchmark with where and when it was made.
  struct Stored: Codable {
    let machine: String
    let when: Date
    let benchmark: ModelBenchmark
  }

  /// Where benchmarks are kept.
  let folder: String

  /// The benchmark of a model; nil for imported answers without a file.
  ///
  /// - Throws: An error that names the file, or says why the model could not be measured.
  func benchmark(of model: ExperimentModel) throws -> Stored? {
    if let file = model.benchmark {
      let benchmark = try ModelBenchmark(contentsOf: file)
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      return Stored(
        machine: benchmark.machine?.words
          ?? "not stated by \((file as NSString).lastPathComponent)",
        when: attributes?[.modificationDate] as? Date ?? Date(), benchmark: benchmark)
    }
    guard case .model(let name) = model.answers else { return nil }
    let file = "\(folder)/\(model.name).json"
    let here = Measurement.here().machine
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    if let data = FileManager.default.contents(atPath: file),
      let stored = try? decoder.decode(Stored.self, from: data), stored.machine == here
    {
      return stored
    }
    let stored = Stored(machine: here, when: Date(), benchmark: try measure(name))
    try ExperimentFiles.write(stored, to: file)
    return stored
  }

  /// Runs `avu model benchmark` as people run it.
  private func measure(_ name: String) throws -> ModelBenchmark {
    let (process, output, errors) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["model", "benchmark", name, "--json"]
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0,
      let benchmark = try? JSONDecoder().decode(ModelBenchmark.self, from: data)
    else {
      throw CommandError.missing(
        what:
          "“\(name)” could not be measured: \(said.split(separator: "\n").last ?? "it said nothing")",
        remedy: "try avu model benchmark \(name) by itself")
    }
    return benchmark
  }
}
