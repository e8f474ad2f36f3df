import Foundation

/// The losses of a training run: the JSON lines that `training/train.py` and `training/finetune.py`
/// write, one object a line with a `step` and the mean of each part of the loss since the line before.
public struct TrainingLog: Codable, Hashable, Sendable {
  /// One part of the loss.
  public struct Curve: Codable, Hashable, Sendable {
    /// Its name, such as “mask”.
    public var name: String

    /// Steps, from the first to the last.
    public var steps: [Int]

    /// The loss at each step.
    public var values: [Double]
  }

  /// The parts, by name; those that were 0 all the time were not trained and are left out.
  public var curves: [Curve]

  /// Reads the lines. A step that comes again, after a run was killed and went on, counts as it came
  /// last; lines without a step, such as the settings, and what is no such line are passed over.
  public init(lines: some Sequence<some StringProtocol>) {
    var values: [String: [Int: Double]] = [:]
    for line in lines {
      guard let row = try? JSONDecoder().decode([String: Double].self, from: Data(line.utf8)),
        let step = row["step"].flatMap({ Int(exactly: $0) })
      else { continue }
      for (name, value) in row where name != "step" && name != "cpu_s" {
        values[name, default: [:]][step] = value
      }
    }
    curves = values.sorted { $0.key < $1.key }.compactMap { name, points in
      let steps = points.keys.sorted()
      guard steps.count > 1, points.values.contains(where: { $0 != 0 }) else { return nil }
      return Curve(name: name, steps: steps, values: steps.map { points[$0] ?? 0 })
    }
  }
}
