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

  /// A judgement in a sentence.
  struct Verdict: Encodable {
    let words: String
    /// `good`, `mixed` or `bad`, for the colour beside the words.
    let tone: String
  }

  /// Of what sounds and where, then of the sentences where people wrote some.
  let verdicts: [Verdict]
  /// The clip's main figures; nil without any.
  let headline: String?
  /// The worst moments, worst first.
  let worst: [Finding]
  /// What was left out of ``worst``.
  let more: String?

  /// The findings; nil for a clip without ground truth.
  ///
  /// - Parameters:
  ///   - moments: The clip's moments.
  ///   - metrics: The clip's figures.
  ///   - video: The address of its video.
  ///   - pictures: Pictures of moments, by their place in the list.
  init?(
    _ moments: [ClipMoment], _ metrics: MetricSet? = nil, video: String?,
    pictures: [Int: String] = [:]
  ) {
    let judged = moments.count { $0.prediction != nil && $0.truthSounding != nil }
    guard judged > 0 else { return nil }
    let problems = Self.problems(in: moments)
    let right = judged - problems.count
    let masks = Verdict(
      words: "Masks right at \(right == judged ? "all" : "\(right) of") "
        + DisplayText.count(judged, "moment") + ".",
      tone: problems.isEmpty ? "good" : right * 2 >= judged ? "mixed" : "bad")
    verdicts = [masks, Self.sentences(moments, metrics)].compactMap(\.self)
    headline = Self.headline(metrics)
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

  /// How many sentences people wrote in the same words; nil where nobody wrote any.
  private static func sentences(_ moments: [ClipMoment], _ metrics: MetricSet?) -> Verdict? {
    let told = moments.filter { $0.prediction != nil && !$0.references.isEmpty }
    guard !told.isEmpty else { return nil }
    let same = told.count { moment in
      let own = ClipTranscript.words(moment.prediction?.caption ?? "")
      return moment.references.contains { ClipTranscript.words($0) == own }
    }
    let isClose = (metrics?.values["ROUGE-L"]?.value ?? 0) >= threshold
    return Verdict(
      words: "Sentences as people wrote at \(same) of \(told.count).",
      tone: same == told.count ? "good" : isClose || same * 2 >= told.count ? "mixed" : "bad")
  }

  private static func headline(_ metrics: MetricSet?) -> String? {
    let parts = ["mIoU", "F-score", "ROUGE-L", "CIDEr"].compactMap { name in
      metrics?.values[name].map { "\(name) \(DisplayText.fixed($0.value, 3))" }
    }
    return parts.isEmpty ? nil : parts.joined(separator: " · ")
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
        words: "Low overlap: IoU\u{A0}\(DisplayText.fixed(iou, 3)).", severity: iou)
    }
  }
}
