import Annotations
import Evaluation

/// What the player's script needs: when each moment is shown, its masks and its sentence.
struct ClipPlayerData: Encodable {
  struct Moment: Encodable {
    let time: Double
    let start: Double
    let end: Double
    let prediction: RunLengthMask?
    let truth: RunLengthMask?
    let sounding: Bool?
    let truthSounding: Bool?
    let iou: Double?
    let sentence: String
    let references: [String]
  }

  let hasTruth: Bool
  let moments: [Moment]

  init(_ moments: [ClipMoment]) {
    hasTruth = moments.contains { $0.truthMask != nil }
    self.moments = moments.map { moment in
      Moment(
        time: moment.time, start: moment.start, end: moment.end,
        prediction: moment.prediction?.mask, truth: moment.truthMask,
        sounding: moment.prediction?.sounding, truthSounding: moment.truthSounding,
        iou: moment.score?.iou?.finite, sentence: moment.prediction?.caption ?? "",
        references: moment.references)
    }
  }
}
