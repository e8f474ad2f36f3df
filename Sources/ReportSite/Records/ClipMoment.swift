import Annotations
import Evaluation

/// One looked-at moment of a clip, with everything that is known of it.
struct ClipMoment {
  /// When, in seconds.
  let time: Double

  /// The stretch of the clip in which the moment is shown: from its start up to its end.
  let start: Double
  let end: Double

  let prediction: Prediction.Frame?
  let truthSounding: Bool?
  let truthMask: RunLengthMask?
  let references: [String]
  let score: FrameScore?

  /// Whether prediction or truth has something that sounds.
  var hasSound: Bool { prediction?.sounding == true || truthSounding == true }

  /// The moments of a clip in order of time: those of the prediction, or of the truth without one.
  ///
  /// Neighbouring stretches meet halfway; the first and last reach as far out as in, and the last
  /// up to the end of the clip when less than that is left.
  static func moments(of report: ClipReport) -> [ClipMoment] {
    let frames = (report.prediction?.frames ?? [])
      .filter { $0.time.isFinite && $0.time >= 0 }.sorted { $0.time < $1.time }
    let truthTimes = report.truth?.frameTimes ?? []
    let times =
      report.prediction == nil
      ? truthTimes.filter { $0.isFinite && $0 >= 0 }.sorted() : frames.map(\.time)
    let spans = stretches(around: times, duration: report.prediction?.clip.duration)
    return times.indices.map { index in
      let span = spans[index]
      let reach = max(0.01, (span.end - span.start) / 2)
      let truthIndex = nearest(to: times[index], in: truthTimes, within: reach)
      let scoreIndex = nearest(
        to: times[index], in: report.score?.frames.map(\.time) ?? [], within: reach)
      return ClipMoment(
        time: times[index], start: span.start, end: span.end,
        prediction: report.prediction == nil ? nil : frames[index],
        truth: report.truth, at: truthIndex,
        score: scoreIndex.flatMap { report.score?.frames[$0] })
    }
  }

  private init(
    time: Double, start: Double, end: Double, prediction: Prediction.Frame?, truth: ClipTruth?,
    at index: Int?, score: FrameScore?
  ) {
    self.time = time
    self.start = start
    self.end = end
    self.prediction = prediction
    self.score = score
    truthSounding = index.flatMap { element($0, of: truth?.sounding) } ?? score?.truthSounding
    truthMask = index.flatMap { element($0, of: truth?.masks) } ?? nil
    references = index.flatMap { element($0, of: truth?.captions) } ?? score?.references ?? []
  }

  private static func stretches(
    around times: [Double], duration: Double?
  ) -> [(start: Double, end: Double)] {
    times.indices.map { index in
      let before = index > 0 ? (times[index] - times[index - 1]) / 2 : nil
      let after = index + 1 < times.count ? (times[index + 1] - times[index]) / 2 : nil
      let start = before.map { times[index] - $0 } ?? max(0, times[index] - (after ?? 0.5))
      let reach = after ?? before ?? 0.5
      var end = times[index] + reach
      if after == nil, let duration, duration > end, duration - end < reach { end = duration }
      return (start, end)
    }
  }

  private static func nearest(to time: Double, in times: [Double], within reach: Double) -> Int? {
    guard
      let best = times.indices.min(by: { abs(times[$0] - time) < abs(times[$1] - time) }),
      abs(times[best] - time) <= reach
    else { return nil }
    return best
  }
}

/// The element at a place, or nil where the list is absent or too short.
private func element<Element>(_ index: Int, of list: [Element]?) -> Element? {
  guard let list, list.indices.contains(index) else { return nil }
  return list[index]
}
