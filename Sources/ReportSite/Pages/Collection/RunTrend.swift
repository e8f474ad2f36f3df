import Annotations
import Evaluation
import Foundation

/// How the runs of a collection followed on each other: a drawing a figure, and the runs as a table.
struct RunTrend: Encodable {
  struct Drawing: Encodable {
    let name: String
    let chart: String
  }

  struct Run: Encodable {
    let model: String
    let weights: String
    let finished: MomentView?
    let clips: Int
    let values: [String]
  }

  let names: [String]
  let drawings: [Drawing]
  let runs: [Run]

  /// The trend; nil without two runs. Runs over different clips stand in it, too: the table says
  /// how many each has.
  init?(_ runs: [RunSnapshot]) {
    guard runs.count > 1 else { return nil }
    let sets = runs.map(\.report.overall)
    let wanted = ["mIoU", "F-score", "CIDEr"]
    let names = MetricName.all.filter { name in
      (wanted.contains(name) || name.hasPrefix("METEOR"))
        && sets.allSatisfy { $0.values[name]?.value.isFinite == true }
    }
    self.names = names
    self.runs = runs.map { run in
      Run(
        model: run.model.name, weights: String(run.model.sha256.prefix(12)),
        finished: run.finishedAt.map(MomentView.init), clips: run.clips,
        values: names.map { DisplayText.fixed(run.report.overall.values[$0]?.value, 3) })
    }
    drawings = names.map { name in
      let points = zip(runs, sets).map { run, set in
        TrendChart.Point(
          name: "\(run.model.name) \(run.model.sha256.prefix(8))",
          value: set.values[name]?.value ?? 0, interval: set.values[name]?.ci95)
      }
      return Drawing(
        name: name,
        chart: TrendChart.drawing(
          points,
          label: "\(name) of \(runs.count) runs, oldest first: from "
            + "\(DisplayText.fixed(points[0].value, 3)) to "
            + "\(DisplayText.fixed(points[points.count - 1].value, 3)). The table has all of them.")
      )
    }
  }
}
