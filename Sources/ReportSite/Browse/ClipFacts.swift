import Annotations
import Evaluation
import Foundation

/// What dashboards sum up of one clip. Kept with its row, so that a clip that has not changed need
/// not be read again.
struct ClipFacts: Codable, Hashable {
  /// What sounds by the truth.
  var truth: String?

  /// What the model says most often in moments in which something sounds by the truth; without
  /// truth, in all.
  var predicted: String?

  /// Moments with ground truth, and those in which something visible sounds.
  var judged = 0
  var sounding = 0

  /// Judged moments by what is wrong with them.
  var missed = 0
  var falseAlarms = 0
  var lowOverlap = 0

  /// The share of the picture that the true masks cover, on average; nil without one.
  var covered: Double?

  /// Seconds that the model took for a moment; nil without a prediction.
  var secondsEach: Double?

  /// How close its sentences are to what people wrote; nil where none was scored.
  var rougeL: Double?

  /// When its analysis came to an end, in seconds since 1970; nil when that is not known.
  var finished: Double?

  /// What is wrong: 1 for missed, 2 for false alarms, 4 for low overlap, added up; 8 for nothing, 0
  /// when there is no truth to judge by.
  var problems: Int {
    let wrong = (missed > 0 ? 1 : 0) + (falseAlarms > 0 ? 2 : 0) + (lowOverlap > 0 ? 4 : 0)
    return judged == 0 || secondsEach == nil ? 0 : wrong == 0 ? 8 : wrong
  }

  /// Sums a clip up.
  init(_ report: ClipReport, _ moments: [ClipMoment]) {
    truth = report.truth?.category ?? report.score?.category
    let heard = moments.filter { $0.truthSounding != false && $0.prediction?.sounding == true }
    let names = heard.compactMap { $0.prediction?.category }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    predicted = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    for moment in moments {
      guard let sounds = moment.truthSounding else { continue }
      judged += 1
      sounding += sounds ? 1 : 0
      switch ClipFindings.kind(of: moment) {
      case .missed: missed += 1
      case .falseAlarm: falseAlarms += 1
      case .lowOverlap: lowOverlap += 1
      case nil: break
      }
    }
    let areas = moments.compactMap { moment -> Double? in
      guard moment.truthSounding == true, let mask = moment.truthMask else { return nil }
      return ClipObjects.share(mask)
    }
    covered = areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    rougeL = report.metrics?.values["ROUGE-L"]?.value.finite
    finished = report.job?.finishedAt?.timeIntervalSince1970
    secondsEach = report.prediction.flatMap { prediction in
      let frames = prediction.frames.count
      return frames > 0 ? (prediction.timings.modelSeconds / Double(frames)).finite : nil
    }
  }
}
