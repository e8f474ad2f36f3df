import Foundation
import TensorCore

/// What was measured, in the format that all benchmarks share.
struct BenchReport: Encodable {
  /// One thing that was measured.
  struct Row: Encodable {
    let name: String
    let unit: String
    let better: String
    let threads: Int
    let ours: Statistic
    let peers: [String: Statistic]

    /// Ours ÷ best peer, by medians; absent without peers.
    let ratio: Double?

    /// What ours is meant to reach, where there is such a figure.
    let goal: Double?

    /// `better` is `lower` or `higher`.
    init(
      name: String, unit: String, better: String, threads: Int, ours: Statistic,
      peers: [String: Statistic], goal: Double? = nil
    ) {
      self.name = name
      self.unit = unit
      self.better = better
      self.threads = threads
      self.ours = ours
      self.peers = peers
      self.goal = goal
      let medians = peers.values.map(\.median)
      let best = better == "lower" ? medians.min() : medians.max()
      ratio = best.flatMap { $0 > 0 ? ours.median / $0 : nil }
    }
  }

  let machine: Machine
  let commit: String
  var rows: [Row] = []

  /// Peers that are not installed.
  var absent: [String] = []

  /// What each peer says, beside ours.
  var agreement: [String: String] = [:]

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + [0x0A]
  }

  /// The same for people: medians, and ours as a multiple of the best peer's.
  var table: String {
    let names = Set(rows.flatMap(\.peers.keys)).sorted()
    let hasGoals = rows.contains { $0.goal != nil }
    var lines = [
      ["threads", "measured", "avu"] + (hasGoals ? ["goal"] : []) + names + ["ours ÷ best peer"]
    ]
    for row in rows {
      var line = ["\(row.threads)", "\(row.name), \(row.unit)", row.ours.text]
      if hasGoals { line.append(row.goalText) }
      let missing = row.peers.isEmpty ? "" : "–"
      line += names.map { row.peers[$0]?.text ?? missing }
      line.append(row.ratio.map { String(format: "%.2f", $0) } ?? "")
      lines.append(line)
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let table = lines.map { line in
      zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ")
    }
    return
      (["\(machine), commit \(commit); median (least–most)"] + table
      + agreement.sorted { $0.key < $1.key }.map { "\($0): \($1)." }
      + absent.map { "Absent: \($0)." }).joined(separator: "\n")
  }
}

extension BenchReport.Row {
  fileprivate var goalText: String {
    guard let goal else { return "" }
    let isReached = better == "lower" ? ours.median <= goal : ours.median >= goal
    return (better == "lower" ? "≤ " : "≥ ") + Statistic.text(goal)
      + (isReached ? "" : ", not reached")
  }
}

/// Some figures.
struct Statistic: Encodable {
  let median: Double
  let min: Double
  let max: Double
  let n: Int

  /// Sums up figures; there is at least one.
  init(_ figures: [Double]) {
    let sorted = figures.sorted()
    median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    min = sorted[0]
    max = sorted[sorted.count - 1]
    n = sorted.count
  }

  var text: String { "\(Self.text(median)) (\(Self.text(min))–\(Self.text(max)))" }

  /// Three decimals, or none when there are enough digits before them.
  static func text(_ figure: Double) -> String {
    String(format: figure < 1000 ? "%.3f" : "%.0f", figure)
  }
}

/// The machine, as far as it decides about speed.
struct Machine: Encodable, CustomStringConvertible {
  let cpu: String
  let cores: Int

  /// The kernels that OpenBLAS has chosen.
  let blas: String

  /// Variables that change what OpenBLAS chooses; “make bench” leaves them as they are.
  let environment: [String: String]

  init() {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    cpu =
      model?.split(separator: ":").last.map {
        $0.trimmingCharacters(in: .whitespaces)
      } ?? "unknown"
    cores = ProcessInfo.processInfo.activeProcessorCount
    blas = BLAS.kernels
    environment = ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("OPENBLAS_") }
  }

  var description: String {
    let set = environment.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
    return "\(cpu), \(cores) cores, OpenBLAS for \(blas)"
      + (set.isEmpty ? "" : " (set by \(set.joined(separator: " ")))")
  }
}
