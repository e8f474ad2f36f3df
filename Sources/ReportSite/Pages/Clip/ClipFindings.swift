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
    /// The frame with its masks; nil where there is none.
    let picture: String?
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
  ///
  /// - Parameters:
  ///   - moments: The clip's moments.
  ///   - video: The address of its video.
  ///   - pictures: Pictures of moments, by their place in the list.
  init?(_ moments: [ClipMoment], video: String?, pictures: [Int: String] = [:]) {
    let judged = moments.count { $0.prediction != nil && $0.truthSounding != nil }
    guard judged > 0 else { return nil }
    let problems = Self.problems(in: moments)
    let right = judged - problems.count
    tone = problems.isEmpty ? "good" : right * 2 >= judged ? "mixed" : "bad"
    verdict =
      problems.isEmpty
      ? "Right at all \(DisplayText.count(judged, "judged moment"))."
      : "Right at \(right) of \(DisplayText.count(judged, "judged moment"))."
    worst = problems.prefix(Self.shown).map { problem in
      let time = moments[problem.place].time
      return Finding(
        clock: DisplayText.clock(time), seconds: DisplayText.fixed(time, 3),
        target: video.map { "\($0)#t=\(DisplayText.fixed(time, 3))" }, kind: problem.kind.rawValue,
        words: problem.words, picture: pictures[problem.place])
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

  /// The places of the moments that findings show.
  static func worstPlaces(in moments: [ClipMoment]) -> [Int] {
    problems(in: moments).prefix(shown).map(\.place)
  }

  /// What is wrong in a clip, worst first.
  private static func problems(in moments: [ClipMoment]) -> [Problem] {
    moments.enumerated().compactMap { problem($0.element, at: $0.offset) }
      .sorted { ($0.severity, $0.place) < ($1.severity, $1.place) }
  }

  private struct Problem {
    /// The moment's place in the list.
    let place: Int
    let kind: Kind
    let words: String
    /// Lower is worse.
    let severity: Double
  }

  private static func problem(_ moment: ClipMoment, at place: Int) -> Problem? {
    let certainty = DisplayText.fixed(moment.prediction?.score, 2)
    switch kind(of: moment) {
    case nil: return nil
    case .missed:
      return Problem(
        place: place, kind: .missed,
        words: "Missed: something sounds, the model says nothing (certainty \(certainty)).",
        severity: -2)
    case .falseAlarm:
      let what = moment.prediction?.category.map { "“\($0)”" } ?? "something"
      return Problem(
        place: place, kind: .falseAlarm,
        words: "False alarm: the model hears \(what), nothing visible sounds.", severity: -1)
    case .lowOverlap:
      let iou = moment.score?.iou ?? 0
      return Problem(
        place: place, kind: .lowOverlap,
        words: "Low overlap: IoU \(DisplayText.fixed(iou, 3)).", severity: iou)
    }
  }
}
