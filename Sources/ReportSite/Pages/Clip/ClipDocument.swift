import Annotations
import Evaluation

/// The JSON twin of a clip's page: its record, and of other runs what they say and how good it is.
///
/// Masks and maps of other runs are left out: they are most of a record, and would stand in every
/// clip's document as often as there are runs. A site built with `--model` has them.
struct ClipDocument: Encodable {
  /// Another run.
  struct Run: Encodable {
    let model: Prediction.Model
    let metrics: MetricSet?
    let score: ClipScore?
    let frames: [Frame]
  }

  /// What another run says of a moment.
  struct Frame: Encodable {
    let index: Int
    let time: Double
    let sounding: Bool
    let score: Double
    let category: String?
    let caption: String
  }

  private let report: ClipReport

  init(_ report: ClipReport) { self.report = report }

  private enum CodingKeys: String, CodingKey { case otherRuns }

  func encode(to encoder: any Encoder) throws {
    var own = report
    own.otherRuns = nil
    try own.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(report.otherRuns?.map(Self.run), forKey: .otherRuns)
  }

  private static func run(_ run: ClipReport.Run) -> Run {
    var score = run.score
    // They are those of the clip's own score.
    for frame in score?.frames.indices ?? 0..<0 { score?.frames[frame].references = [] }
    return Run(
      model: run.prediction.model, metrics: run.metrics, score: score,
      frames: run.prediction.frames.map {
        Frame(
          index: $0.index, time: $0.time, sounding: $0.sounding, score: $0.score,
          category: $0.category, caption: $0.caption)
      })
  }
}
