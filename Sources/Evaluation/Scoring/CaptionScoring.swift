/// Scores sentences without clips, for `avu metrics captions`.
public enum CaptionScoring {
  /// Scores every id that has a hypothesis and a reference; the others are listed.
  ///
  /// - Parameters:
  ///   - captions: The sentences.
  ///   - isStrict: Whether the first id that cannot be scored stops the scoring.
  ///   - summary: How to sum up.
  ///   - progress: Called every now and then.
  /// - Returns: A report whose clips are the ids, each with one sentence.
  /// - Throws: ``EvaluationError/nothingToScore(file:)``; if strict, also
  ///   ``EvaluationError/notScored(clip:reason:)``.
  public static func report(
    of captions: CaptionFile, isStrict: Bool = false, summary: MetricSummary = MetricSummary(),
    progress: (EvaluationProgress) -> Void = { _ in }
  ) throws(EvaluationError) -> MetricReport {
    var figures = MetricAccumulator(summary: summary)
    var unscored: [UnscoredClip] = []
    for entry in captions.entries {
      let id = captions.id(of: entry)
      let references = captions.references(of: entry)
      if entry.isRepeated {
        unscored.append(UnscoredClip(clip: id, reason: "it has several entries"))
      } else if references.isEmpty {
        unscored.append(UnscoredClip(clip: id, reason: "it has no reference"))
      } else if let hypothesis = captions.hypothesis(of: entry) {
        figures.add(score(id, hypothesis, references))
      } else {
        unscored.append(UnscoredClip(clip: id, reason: "it has no hypothesis"))
      }
      if isStrict, let first = unscored.first {
        throw .notScored(clip: "The id “\(id)” of \(captions.name)", reason: first.reason)
      }
    }
    if figures.count == 0 { throw .nothingToScore(file: captions.name) }
    return sentencesOnly(
      try figures.report(unscored: unscored, order: captions.order, progress: progress))
  }

  private static func score(
    _ id: String, _ hypothesis: String, _ references: [String]
  ) -> ClipScore {
    let frame = FrameScore(
      time: 0, iou: nil, fScore: nil, truthSounding: true, predictedSounding: true,
      references: references, hypothesis: hypothesis)
    return ClipScore(clip: id, category: nil, frames: [frame])
  }

  /// Without the figure that only clips have.
  private static func sentencesOnly(_ report: MetricReport) -> MetricReport {
    var report = report
    report.overall.values["presence"] = nil
    report.byClip.remove("presence")
    return report
  }
}
