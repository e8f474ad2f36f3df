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
  let trueArea: String
  let iou: String
  let precision: String
  let recall: String
  let fScore: String
  let sentence: String
  let references: [String]
  let isProblem: Bool
  let hasKind: Bool
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
    trueArea = Self.share(of: moment.truthMask)
    iou = DisplayText.fixed(moment.score?.iou, 3)
    let shares = Self.shares(moment)
    precision = DisplayText.fixed(shares?.precision, 3)
    recall = DisplayText.fixed(shares?.recall, 3)
    fScore = DisplayText.fixed(moment.score?.fScore, 3)
    sentence = moment.prediction?.caption ?? ""
    references = moment.references
    isProblem = ClipFindings.isProblem(moment)
    hasKind = moment.prediction?.category != nil
    kind = moment.prediction?.category ?? "–"
    objects = (moment.prediction?.objects ?? []).map {
      Object(
        category: $0.category, certainty: DisplayText.fixed($0.score, 2),
        covered: Self.share(of: $0.mask))
    }
  }

  /// How much of the predicted mask is right, and how much of the true one was found: from both areas
  /// and their overlap, I = IoU · (P + T) ÷ (1 + IoU). Nil where nothing is masked or nothing known.
  static func shares(_ moment: ClipMoment) -> (precision: Double?, recall: Double)? {
    guard let iou = moment.score?.iou?.finite,
      let predicted = moment.prediction.flatMap({ ClipObjects.share($0.mask) }),
      let truth = moment.truthMask.flatMap(ClipObjects.share), truth > 0
    else { return nil }
    let both = iou * (predicted + truth) / (1 + iou)
    return (predicted > 0 ? min(1, both / predicted) : nil, min(1, both / truth))
  }

  /// The share of the frame that a mask covers, in words.
  static func share(of mask: RunLengthMask?) -> String {
    guard let mask else { return "–" }
    guard let area = try? mask.area() else { return "unreadable" }
    return DisplayText.percent(Double(area) / Double(mask.width * mask.height))
  }

  private static func word(_ sounding: Bool?) -> String {
    sounding.map { $0 ? "sounds" : "nothing visible" } ?? "–"
  }
}
