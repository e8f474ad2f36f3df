public import Annotations

/// Scores one clip's prediction against its ground truth, frame by frame.
public enum ClipScorer {
  /// Grows when a frame's figures mean something else, so that no older score is taken for one of
  /// this version.
  static let version = "avu-clip-score-4"

  /// Compares masks and pairs sentences at every annotated moment.
  ///
  /// Moments without a prediction within half a step have no figures; they are listed among the
  /// score's problems, as are moments whose mask is not known.
  ///
  /// - Parameters:
  ///   - prediction: What the model says; frames in order of time.
  ///   - truth: What people say.
  /// - Returns: The scores of the frames.
  /// - Throws: ``EvaluationError/annotation(_:)`` when a mask cannot be decoded or lists are not
  ///   parallel.
  public static func score(
    _ prediction: Prediction, against truth: ClipTruth
  ) throws(EvaluationError) -> ClipScore {
    do {
      try truth.validate(file: "the ground truth of \(truth.id)")
      return try compare(prediction, truth)
    } catch {
      throw .annotation(error)
    }
  }

  private static func compare(
    _ prediction: Prediction, _ truth: ClipTruth
  ) throws(AnnotationError) -> ClipScore {
    let matches = FrameMatching.matches(
      truth: truth.frameTimes, prediction: prediction.frames.map(\.time))
    var score = ClipScore(clip: truth.id.text, category: truth.category, frames: [])
    var unmatched: [Double] = []
    for (index, match) in matches.enumerated() {
      if let match {
        score.frames.append(try frame(prediction.frames[match], truth, index))
      } else {
        unmatched.append(truth.frameTimes[index])
      }
    }
    if !unmatched.isEmpty {
      score.problems.append("nothing is predicted near \(list(unmatched))")
    }
    let unknown = truth.frameTimes.indices.filter { (truth.masks?[$0] ?? nil) == nil }
    if !unknown.isEmpty {
      let times = list(unknown.map { truth.frameTimes[$0] })
      score.problems.append("no true mask is known at \(times)")
    }
    return score
  }

  private static func frame(
    _ frame: Prediction.Frame, _ truth: ClipTruth, _ index: Int
  ) throws(AnnotationError) -> FrameScore {
    var mask: MaskScore?
    var shape: BoundaryScore?
    if let trueMask = truth.masks?[index] {
      let predicted = try frame.mask.decoded()
      let real = try trueMask.decoded()
      mask = MaskScore(prediction: predicted, truth: real)
      shape = BoundaryScore(prediction: predicted, truth: real)
    }
    let classes = try truth.objects.map { objects throws(AnnotationError) in
      try ClassScore.scores(of: frame, against: objects[index])
    }
    return FrameScore(
      time: truth.frameTimes[index], iou: mask?.iou, fScore: mask?.fScore,
      wholeFrameF: mask?.wholeFrameF, region: shape?.region, boundary: shape?.boundary,
      truthSounding: truth.sounding[index], truthAudible: truth.audible?[index],
      predictedSounding: frame.sounding, references: truth.captions[index],
      hypothesis: frame.caption, classes: classes)
  }

  /// Times for a sentence, the first few of many.
  private static func list(_ times: [Double]) -> String {
    let shown = times.prefix(5).map { "\($0) s" }.joined(separator: ", ")
    return times.count > 5 ? "\(shown) and \(times.count - 5) other moments" : shown
  }
}
