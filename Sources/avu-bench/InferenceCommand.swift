import ArgumentParser
import Foundation

/// The model beside PyTorch and ONNX Runtime: same weights, same clips, same threads.
struct InferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inference",
    abstract: "Time the model on some frames of each clip, beside PyTorch and ONNX Runtime.",
    discussion: """
      Measured is everything from pixels and samples to masks and sentences, without decoding the \
      file. Ours and the peers take turns, with a rest between them. Large products are measured beside \
      OpenBLAS's. Each peer first tries how many frames it should take \
      together and stays with the fastest way; both keep the keys and values of earlier words.

      EXAMPLES:
        avu-bench inference
        avu-bench inference --runs 15 --threads 1
        avu-bench inference --model models/avuformer-base --clip piano-then-tuba --frames 2 --peer onnxruntime
      """)

  @Option(help: "The folder of the model.")
  var model = "models/avuformer-lite"

  @Option(help: "The folder of clips: one folder each, with video.mp4.")
  var clips = "samples"

  @Option(help: ArgumentHelp("Only this clip; can be given more than once.", valueName: "name"))
  var clip: [String] = []

  @Option(help: ArgumentHelp("Only this peer: torch, onnxruntime.", valueName: "name"))
  var peer: [String] = []

  @Option(help: "The scripts that define and export the model.")
  var training = "training"

  @Option(help: "The Python that has the peers; “make bench-peers” makes it.")
  var python = ".build/bench-venv/bin/python"

  @Option(help: "Where the results go.")
  var output = ".build/bench"

  @Option(help: "Numbers of threads.")
  var threads = [1, 2]

  @Option(help: "Frames of each clip, evenly spread over it.")
  var frames = 10

  @Option(help: "Measured rounds; one more comes before them.")
  var runs = 7

  func validate() throws {
    guard runs >= 1, (1...1000).contains(frames), !threads.isEmpty,
      threads.allSatisfy({ (1...1024).contains($0) })
    else {
      throw ValidationError("--runs, --frames and --threads must be at least 1.")
    }
    guard peer.allSatisfy(Peers.runtimes.contains) else {
      throw ValidationError("--peer must be \(Peers.runtimes.joined(separator: " or ")).")
    }
  }

  func run() throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let clips = try BenchClip.all(in: clips, named: clip, model: model, frames: frames)
    let files = try clips.map { try $0.writeForPeers(into: output) }
    var report = BenchReport(machine: Machine(), commit: Program.commit())
    for count in threads {
      let (peers, absent) = try Peers(
        python: python, training: training, model: model, output: output,
        wanted: peer.isEmpty ? Peers.runtimes : peer
      ).started(threads: count)
      defer { for peer in peers { peer.end() } }
      report.absent = absent
      let benchmark = try InferenceBenchmark(
        model: model, threads: count, clips: clips, peers: peers)
      for peer in peers { for file in files { try peer.load(file) } }
      report.rows += try benchmark.rows(runs: runs)
      report.agreement.merge(benchmark.agreement) { $1 }
    }
    report.rows += try ProductBenchmark(runs: runs).rows()
    print(report.table)
    let file = output + "/inference.json"
    try report.json().write(to: URL(filePath: file))
    print("Written to \(file).")
  }
}
