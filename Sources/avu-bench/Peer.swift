import Foundation
import Media

/// A program to be measured beside ours, in a process that answers line by line.
final class Peer {
  /// What one measured pass gave.
  struct Answer: Decodable {
    let seconds: Double
    let sentences: [String]
  }

  private struct Hello: Decodable { let name: String }

  private struct Loaded: Decodable {
    let framesTogether: Int

    enum CodingKeys: String, CodingKey { case framesTogether = "frames_together" }
  }

  private struct Load: Encodable { let load: PeerClip }

  private struct Run: Encodable { let run: String }

  /// Name and version of the program.
  private(set) var name = ""

  /// How many frames it takes together.
  private(set) var framesTogether = 0

  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()
  private var waiting = Data()

  /// Starts the process and waits until it is ready.
  ///
  /// NumPy and OpenMP have threads of their own; those must not be more either.
  init(python: String, arguments: [String], threads: Int) throws {
    process.executableURL = URL(filePath: python)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OPENBLAS_NUM_THREADS": "\(threads)", "OMP_NUM_THREADS": "\(threads)"]) { $1 }
    process.standardInput = requests
    process.standardOutput = answers
    try process.run()
    name = try answer(Hello.self).name
  }

  /// Hands over a clip.
  func load(_ clip: PeerClip) throws {
    try send(Load(load: clip))
    framesTogether = try answer(Loaded.self).framesTogether
  }

  /// Runs a clip once.
  func run(_ clip: String) throws -> Answer {
    try send(Run(run: clip))
    return try answer(Answer.self)
  }

  /// Sends any request, and waits for the answer.
  func ask<Answer: Decodable>(_ request: some Encodable) throws -> Answer {
    try send(request)
    return try answer(Answer.self)
  }

  /// Lets the process end.
  func end() {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private func send(_ request: some Encodable) throws {
    try requests.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request) + [0x0A])
  }

  private func answer<Value: Decodable>(_ type: Value.Type) throws -> Value {
    while true {
      if let end = waiting.firstIndex(of: 0x0A) {
        defer { waiting = Data(waiting[(end + 1)...]) }
        return try JSONDecoder().decode(type, from: waiting[..<end])
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else {
        throw BenchError.failed(
          program: (process.arguments ?? []).joined(separator: " "), reason: "it ended early")
      }
      waiting += more
    }
  }
}

/// The runtimes that avu is measured beside.
struct Peers {
  let python: String
  let training: String
  let model: String
  let output: String

  /// Some of ``runtimes``.
  let wanted: [String]

  /// What the scripts call the runtimes.
  static let runtimes = ["torch", "onnxruntime"]

  /// Starts those that are installed.
  ///
  /// - Returns: The peers, and the names of those that are absent, with the reason.
  func started(threads: Int) throws -> (peers: [Peer], absent: [String]) {
    var (peers, absent): ([Peer], [String]) = ([], [])
    for (module, runtime, name) in [
      ("torch", "torch", "PyTorch"), ("onnx, onnxruntime", "onnxruntime", "ONNX Runtime"),
    ] where wanted.contains(runtime) {
      guard (try? Program.output(of: python, ["-c", "import \(module)"])) != nil else {
        absent.append("\(name): not installed, see “make bench-peers”")
        continue
      }
      var arguments = [
        training + "/peer.py", "--runtime", runtime, "--model", model, "--threads", "\(threads)",
      ]
      if runtime == "onnxruntime" { arguments += ["--graphs", try graphs()] }
      peers.append(try Peer(python: python, arguments: arguments, threads: threads))
    }
    return (peers, absent)
  }

  /// The folder of the graphs exported from these weights, made when it is not there.
  private func graphs() throws -> String {
    let weights = try ContentHash.sha256(ofFile: model + "/model.safetensors")
    let folder = output + "/graphs-" + weights.prefix(12)
    if !FileManager.default.fileExists(atPath: folder + "/word.onnx") {
      print("Exporting the ONNX graphs …")
      _ = try Program.output(
        of: python,
        ["-W", "ignore", training + "/export_onnx.py", "--model", model, "--output", folder])
    }
    return folder
  }
}
