import Annotations
import Evaluation

/// What another model says of a clip, moment by moment beside the shown one.
struct OtherRun {
  /// The model's name, with the beginning of its weights' hash where that is needed to tell it apart.
  let name: String

  /// The beginning of its weights' hash, for addresses.
  let key: String

  /// For each shown moment the other model's, where it looked at the same time.
  let moments: [ClipMoment?]

  let metrics: MetricSet?

  /// The other runs of a clip.
  static func all(_ report: ClipReport, beside moments: [ClipMoment]) -> [OtherRun] {
    let runs = report.otherRuns ?? []
    let names = runs.map(\.prediction.model.name) + [report.prediction?.model.name ?? ""]
    return runs.map { run in
      let model = run.prediction.model
      var other = report
      other.prediction = run.prediction
      other.score = run.score
      let all = ClipMoment.moments(of: other)
      let isOnly = names.count { $0 == model.name } == 1
      return OtherRun(
        name: isOnly ? model.name : "\(model.name) \(model.sha256.prefix(8))",
        key: String(model.sha256.prefix(8)),
        moments: moments.map { moment in
          all.first { abs($0.time - moment.time) <= (moment.end - moment.start) / 2 }
        }, metrics: run.metrics)
    }
  }
}

/// The other runs as a clip's page shows them.
struct OtherRunsView: Encodable {
  struct Run: Encodable {
    let name: String
    let figures: [Figure]
    let better: Int
    let worse: Int
    let moments: [Moment]
  }

  struct Figure: Encodable {
    let value: String
    let difference: String
  }

  struct Moment: Encodable {
    let clock: String
    let seconds: String
    let target: String?
    let iou: String
    let other: String
    let difference: String
    let pieces: [ClipTranscript.Piece]
  }

  /// An overlap has changed when it did by more than this.
  private static let notable = 0.01
  private static let figures = ["mIoU", "F-score", "ROUGE-L", "CIDEr"]

  let names: [String]
  let shown: String
  let shownFigures: [String]
  let runs: [Run]

  /// The view; nil where there is only one run.
  init?(_ runs: [OtherRun], _ report: ClipReport, _ moments: [ClipMoment], video: String?) {
    guard !runs.isEmpty else { return nil }
    let own = report.metrics?.values ?? [:]
    names = Self.figures.filter { name in
      own[name] != nil || runs.contains { $0.metrics?.values[name] != nil }
    }
    let names = names
    shown = report.prediction?.model.name ?? "–"
    shownFigures = names.map { DisplayText.fixed(own[$0]?.value, 3) }
    self.runs = runs.map { run in
      let pairs = zip(moments, run.moments).map { ($0, $1) }
      let changes = pairs.compactMap(Self.change)
      return Run(
        name: run.name,
        figures: names.map { name in
          let other = run.metrics?.values[name]?.value
          let change = other.flatMap { other in own[name].map { other - $0.value } }
          return Figure(
            value: DisplayText.fixed(other, 3), difference: DisplayText.signed(change, 3))
        }, better: changes.count { $0 > Self.notable },
        worse: changes.count { $0 < -Self.notable },
        moments: pairs.compactMap { Self.moment($0, $1, video: video) })
    }
  }

  private static func change(_ own: ClipMoment, _ other: ClipMoment?) -> Double? {
    guard let one = own.score?.iou?.finite, let two = other?.score?.iou?.finite else { return nil }
    return two - one
  }

  private static func moment(
    _ own: ClipMoment, _ other: ClipMoment?, video: String?
  ) -> Moment? {
    guard let frame = other?.prediction else { return nil }
    let seconds = DisplayText.fixed(own.time, 3)
    let said = own.prediction?.caption ?? ""
    return Moment(
      clock: DisplayText.clock(own.time), seconds: seconds,
      target: video.map { "\($0)#t=\(seconds)" }, iou: DisplayText.fixed(own.score?.iou, 3),
      other: DisplayText.fixed(other?.score?.iou, 3),
      difference: DisplayText.signed(change(own, other), 3),
      pieces: said == frame.caption || frame.caption.isEmpty
        ? [.init(text: frame.caption.isEmpty ? "–" : frame.caption, differs: false)]
        : ClipTranscript.pieces(of: frame.caption, [said]))
  }
}
