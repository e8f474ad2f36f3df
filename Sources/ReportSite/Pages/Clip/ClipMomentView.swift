import Annotations
import Evaluation

/// One looked-at moment as a row of a table.
struct ClipMomentView: Encodable {
  struct Object: Encodable {
    let category: String
    let certainty: String
    let covered: String
  }

  let clock: String
  let seconds: String
  /// The moment in the video file; nil without a video.
  let target: String?
  let predicted: String
  let certainty: String
  let covered: String
  let truth: String
  let iou: String
  let fScore: String
  let sentence: String
  let references: [String]
  let isProblem: Bool
  let kind: String
  let objects: [Object]

  init(_ moment: ClipMoment, video: String?) {
    clock = DisplayText.clock(moment.time)
    seconds = DisplayText.fixed(moment.time, 3)
    target = video.map { "\($0)#t=\(DisplayText.fixed(moment.time, 3))" }
    predicted = Self.word(moment.prediction?.sounding)
    certainty = DisplayText.fixed(moment.prediction?.score, 2)
    covered = Self.share(of: moment.prediction?.mask)
    truth = Self.word(moment.truthSounding)
    iou = DisplayText.fixed(moment.score?.iou, 3)
    fScore = DisplayText.fixed(moment.score?.fScore, 3)
    sentence = moment.prediction?.caption ?? ""
    references = moment.references
    isProblem = ClipFindings.isProblem(moment)
    kind = moment.prediction?.category ?? "–"
    objects = (moment.prediction?.objects ?? []).map {
      Object(
        category: $0.category, certainty: DisplayText.fixed($0.score, 2),
        covered: Self.share(of: $0.mask))
    }
  }

  /// The share of the frame that a mask covers, in words.
  static func share(of mask: RunLengthMask?) -> String {
    guard let mask else { return "–" }
    guard let area = try? mask.area() else { return "unreadable" }
    return DisplayText.percent(Double(area) / Double(mask.width * mask.height))
  }

  private static func word(_ sounding: Bool?) -> String {
    sounding.map { $0 ? "sounds" : "nothing visible sounds" } ?? "–"
  }
}
