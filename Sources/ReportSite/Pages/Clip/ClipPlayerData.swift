import Annotations
import Evaluation

/// What the player's scripts need: the clip's clock, and for each moment when it is shown, its masks
/// and its sentence.
struct ClipPlayerData: Encodable {
  struct Moment: Encodable {
    let time: Double
    let start: Double
    let end: Double
    /// The model's whole mask.
    let prediction: RunLengthMask?
    let truth: RunLengthMask?
    /// The things that sound, by the model.
    let objects: [Object]
    let sounding: Bool?
    let iou: Double?
    let sentence: String
    let isProblem: Bool
    let certainty: CoarseMap?
    let attention: CoarseMap?
  }

  /// What another run says, for each of ``moments``; nil where it did not look.
  struct Other: Encodable {
    struct Moment: Encodable {
      let prediction: RunLengthMask?
      let iou: Double?
    }

    let name: String
    let key: String
    let moments: [Moment?]
  }

  struct Object: Encodable {
    let ink: Int
    /// Nil where the moment's whole mask is this thing's.
    let mask: RunLengthMask?
  }

  let clip: String
  /// Frames in a second; 0 where that is not known.
  let fps: Double
  /// When the first frame is shown, in seconds of the video's clock.
  let start: Double
  let hasTruth: Bool
  /// The moment at which the page opens: the worst, else the first with sound; nil for neither.
  let opening: Int?
  let moments: [Moment]
  let others: [Other]

  /// Whether the player can show how sure the model is of each place.
  var hasCertainty: Bool { moments.contains { $0.certainty != nil } }

  /// Whether it can show which places the sound asked.
  var hasAttention: Bool { moments.contains { $0.attention != nil } }

  init(
    _ report: ClipReport, _ moments: [ClipMoment], objects: ClipObjects?, others: [OtherRun],
    pictureStart: Double
  ) {
    start = pictureStart
    opening = ClipFindings.worstPlaces(in: moments).first ?? moments.firstIndex(where: \.hasSound)
    clip = report.id.text
    fps = report.prediction?.clip.fps.finite ?? 0
    hasTruth = moments.contains { $0.truthMask != nil }
    self.moments = moments.map { moment in
      let parts = ClipObjects.parts(of: moment)
      let isWhole = moment.prediction?.objects.isEmpty ?? true
      return Moment(
        time: moment.time, start: moment.start, end: moment.end,
        prediction: moment.prediction?.mask, truth: moment.truthMask,
        objects: parts.map {
          Object(ink: objects?.ink(of: $0.name) ?? 0, mask: isWhole ? nil : $0.mask)
        },
        sounding: moment.prediction?.sounding, iou: moment.score?.iou?.finite,
        sentence: moment.prediction?.caption ?? "", isProblem: ClipFindings.isProblem(moment),
        certainty: moment.prediction?.certainty.flatMap { $0.cells == nil ? nil : $0 },
        attention: moment.prediction?.attention.flatMap { $0.cells == nil ? nil : $0 })
    }
    self.others = others.map { run in
      Other(
        name: run.name, key: run.key,
        moments: run.moments.map { moment in
          moment.map {
            Other.Moment(prediction: $0.prediction?.mask, iou: $0.score?.iou?.finite)
          }
        })
    }
  }
}
