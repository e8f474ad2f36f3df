import AVUModel
import Foundation

/// Ours and the peers in turn, clip after clip, round after round.
final class InferenceBenchmark {
  private let model: AVUFormer
  private let threads: Int
  private let clips: [BenchClip]
  private let peers: [Peer]

  /// How many frames of a peer have the sentence that ours have.
  private(set) var agreement: [String: String] = [:]

  init(model: String, threads: Int, clips: [BenchClip], peers: [Peer]) throws {
    self.model = try AVUFormer(directory: model, threads: threads)
    self.threads = threads
    self.clips = clips
    self.peers = peers
  }

  /// Measures.
  ///
  /// - Parameter runs: Rounds that count; one more comes before them.
  /// - Returns: A row for each clip, and one for a mean clip.
  /// - Throws: ``BenchError`` when a peer ends.
  func rows(runs: Int) throws -> [BenchReport.Row] {
    var ours = clips.map { _ in [Double]() }
    var theirs = peers.map { _ in clips.map { _ in [Double]() } }
    for run in 0...runs {
      for (index, clip) in clips.enumerated() {
        rest()
        let time = try measureOurs(clip, checks: run == 0)
        if run > 0 { ours[index].append(time) }
        for (number, peer) in peers.enumerated() {
          rest()
          let time = try peer.run(clip.name).seconds
          if run > 0 { theirs[number][index].append(time) }
        }
      }
    }
    let rows = clips.indices.map { index in
      row(
        "\(clips[index].frames.count) frames of \(clips[index].name)", ours[index],
        theirs.map { $0[index] })
    }
    return rows + [
      row("\(clips[0].frames.count) frames, mean of all clips", mean(ours), theirs.map(mean))
    ]
  }

  private func row(_ name: String, _ ours: [Double], _ theirs: [[Double]]) -> BenchReport.Row {
    BenchReport.Row(
      name: name, unit: "s", better: "lower", threads: threads, ours: Statistic(ours),
      peers: Dictionary(
        uniqueKeysWithValues: zip(peers.map(\.name), theirs.map(Statistic.init))))
  }

  /// The mean over clips of each round.
  private func mean(_ clips: [[Double]]) -> [Double] {
    clips[0].indices.map { round in
      clips.reduce(0) { $0 + $1[round] } / Double(clips.count)
    }
  }

  /// Threads of OpenMP and ONNX Runtime go on asking for work for a while after a run, on processors that
  /// whoever is next needs.
  private func rest() { Thread.sleep(forTimeInterval: 0.1) }

  private func measureOurs(_ clip: BenchClip, checks: Bool) throws -> Double {
    var outputs: [FrameOutput] = []
    let time = ContinuousClock().measure { outputs = model.predict(clip.frames) }
    if checks { for peer in peers { try compare(outputs, with: peer, clip) } }
    return time / .seconds(1)
  }

  private var counts: [String: (same: Int, of: Int)] = [:]

  private func compare(_ outputs: [FrameOutput], with peer: Peer, _ clip: BenchClip) throws {
    let theirs = try peer.run(clip.name).sentences.map(Self.words)
    var count = counts[peer.name] ?? (0, 0)
    count.same += zip(outputs.map { Self.words($0.caption) }, theirs).count { $0 == $1 }
    count.of += outputs.count
    counts[peer.name] = count
    agreement[peer.name] =
      "\(count.same) of \(count.of) frames have our sentence"
      + ", \(peer.framesTogether) frames together"
  }

  /// The words of sentences, however they are written and ended; what was said is not said again.
  private static func words(_ sentences: String) -> [String] {
    var said: Set<[Substring]> = []
    return sentences.lowercased().split { ".…".contains($0) }.map { $0.split(separator: " ") }
      .filter { said.insert($0).inserted }.flatMap { $0.map(String.init) }
  }
}
