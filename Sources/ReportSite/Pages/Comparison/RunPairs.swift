import Annotations
import Evaluation

/// Which runs of a collection are compared: each with the one before it, and the last with the first.
struct RunPairs {
  /// Two runs, older first, and what comparing them says.
  struct Pair {
    let first: RunSnapshot
    let second: RunSnapshot
    let comparison: MetricComparison
    /// The page's file in the collection's folder.
    let file: String

    var title: String { "\(names.first) → \(names.second)" }

    /// The models' names, with the beginning of their weights' hash where both have the same.
    var names: (first: String, second: String) {
      let (one, other) = (first.model, second.model)
      if one.name != other.name { return (one.name, other.name) }
      return ("\(one.name) \(one.sha256.prefix(8))", "\(other.name) \(other.sha256.prefix(8))")
    }
  }

  let pairs: [Pair]
  /// Why runs could not be compared, a sentence each.
  let problems: [String]

  init(_ runs: [RunSnapshot]) {
    var chosen = zip(runs, runs.dropFirst()).map { ($0, $1) }
    if runs.count > 2 { chosen.append((runs[0], runs[runs.count - 1])) }
    var pairs: [Pair] = []
    var problems: [String] = []
    for (first, second) in chosen {
      // Ten thousand resamples of a hundred thousand clips would take minutes and say the same.
      let resamples = second.report.byClip.count > 2000 ? 1000 : 10_000
      do {
        let comparison = try RunComparison(resamples: resamples).compare(
          first.report, with: second.report)
        let names = [first, second].map { PageAddress.safe($0.model.sha256).prefix(8) }
        pairs.append(
          Pair(
            first: first, second: second, comparison: comparison,
            file: "compare-\(names[0])-\(names[1])"))
      } catch {
        problems.append("\(first.model.name) and \(second.model.name): \(error)")
      }
    }
    self.pairs = pairs
    self.problems = problems
  }
}
