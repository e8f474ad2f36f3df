import Annotations
import Evaluation

/// What is wrong with a clip's prediction, in plain words: the answer to “is this right, and if not,
/// where?”
struct ClipFindings: Encodable {
  /// Below which an overlap is called low.
  static let threshold = 0.5
  private static let shown = 5

  /// One moment that a reader should see.
  struct Finding: Encodable {
    let clock: String
    let seconds: String
    let target: String?
    let kind: String
    let words: String
  }

  /// The whole in a sentence.
  let verdict: String
  /// `good`, `mixed` or `bad`, for the colour beside the words.
  let tone: String
  /// The worst moments, worst first.
  let worst: [Finding]
  /// What was left out of ``worst``.
  let more: String?

  /// The findings; nil for a clip without ground truth.
  init?(_ moments: [ClipMoment], video: String?) {
    let judged = moments.filter { $0.prediction != nil && $0.truthSounding != nil }
    guard !judged.isEmpty else { return nil }
    let problems = judged.compactMap(Self.problem).sorted {
      ($0.severity, $0.moment.time) < ($1.severity, $1.moment.time)
    }
    let right = judged.count - problems.count
    tone = problems.isEmpty ? "good" : right * 2 >= judged.count ? "mixed" : "bad"
    verdict =
      problems.isEmpty
      ? "Right at all \(DisplayText.count(judged.count, "judged moment"))."
      : "Right at \(right) of \(DisplayText.count(judged.count, "judged moment"))."
    worst = problems.prefix(Self.shown).map { problem in
      let time = problem.moment.time
      return Finding(
        clock: DisplayText.clock(time), seconds: DisplayText.fixed(time, 3),
        target: video.map { "\($0)#t=\(DisplayText.fixed(time, 3))" }, kind: problem.kind.rawValue,
        words: problem.words)
    }
    let rest = problems.count - worst.count
    more = rest > 0 ? "\(rest) more; the table of moments has them all." : nil
  }

  /// What can be wrong with a moment.
  enum Kind: String {
    case missed
    case falseAlarm = "false alarm"
    case lowOverlap = "low overlap"
  }

  /// What is wrong with a moment; nil when nothing is, or when there is nothing to judge it by.
  static func kind(of moment: ClipMoment) -> Kind? {
    guard let predicted = moment.prediction?.sounding, let truth = moment.truthSounding else {
      return nil
    }
    if truth != predicted { return truth ? .missed : .falseAlarm }
    guard truth, let iou = moment.score?.iou?.finite, iou < threshold else { return nil }
    return .lowOverlap
  }

  /// Whether a moment is one of the problems.
  static func isProblem(_ moment: ClipMoment) -> Bool { kind(of: moment) != nil }

  private struct Problem {
    let moment: ClipMoment
    let kind: Kind
    let words: String
    /// Lower is worse.
    let severity: Double
  }

  private static func problem(_ moment: ClipMoment) -> Problem? {
    let certainty = DisplayText.fixed(moment.prediction?.score, 2)
    switch kind(of: moment) {
    case nil: return nil
    case .missed:
      return Problem(
        moment: moment, kind: .missed,
        words: "Missed: something sounds, the model says nothing (certainty \(certainty)).",
        severity: -2)
    case .falseAlarm:
      let what = moment.prediction?.category.map { "“\($0)”" } ?? "something"
      return Problem(
        moment: moment, kind: .falseAlarm,
        words: "False alarm: the model hears \(what), nothing visible sounds.", severity: -1)
    case .lowOverlap:
      let iou = moment.score?.iou ?? 0
      return Problem(
        moment: moment, kind: .lowOverlap,
        words: "Low overlap: IoU \(DisplayText.fixed(iou, 3)).", severity: iou)
    }
  }
}
