import Annotations
import Evaluation

/// The timeline below a clip's player.
struct ClipTimeline: Encodable {
  /// One row of it.
  struct Lane: Encodable {
    let label: String
    let kind: String
    /// The drawing; nil where there is a picture.
    let chart: String?
    var picture: String?
    var width = 640
    var height = 64
    var alternative: String?
    /// The scale, where the drawing has none.
    var note: String?
  }

  let lanes: [Lane]
  let axis: String
  /// The frames of the clip, by which a script steps; 1 where the rate is not known.
  let frames: Int
  let lastFrame: Int

  /// The lanes for which there is something to show; nil without any.
  init?(
    _ report: ClipReport, _ moments: [ClipMoment], _ others: [OtherRun] = [], sound: ClipSound?,
    strip: FilmStrip?, root: String
  ) {
    let length = report.prediction?.clip.duration.finite ?? 0
    let duration = max(length, moments.last?.end ?? 0, sound?.seconds ?? 0)
    guard duration > 0, !moments.isEmpty || sound != nil else { return nil }
    let chart = TimelineChart(duration: duration)
    lanes =
      Self.frames(strip, of: duration, root)
      + [Self.overlap(chart, moments)].compactMap(\.self)
      + others.compactMap { Self.overlap(chart, $0.moments.compactMap(\.self), of: $0.name) }
      + [Self.certainty(chart, moments)].compactMap(\.self)
      + Self.presence(chart, moments) + Self.sound(chart, sound, root)
    axis = chart.axis()
    let rate = report.prediction?.clip.fps.finite ?? 0
    frames = max(1, Int((length * rate).rounded()))
    lastFrame = frames - 1
  }

  private static func frames(_ strip: FilmStrip?, of duration: Double, _ root: String) -> [Lane] {
    // A strip of less than the timeline would tell wrong times.
    guard let strip, abs(strip.seconds - duration) < 0.05 * duration else { return [] }
    return [
      Lane(
        label: "Picture", kind: "strip", chart: nil, picture: root + strip.file,
        width: strip.width, height: strip.height,
        alternative: "Frames of the clip from its beginning to its end.")
    ]
  }

  /// The overlap as bars, and the F-score as a line across each where it has one.
  private static func overlap(
    _ chart: TimelineChart, _ moments: [ClipMoment], of run: String? = nil
  ) -> Lane? {
    let scored = moments.filter { $0.score?.iou?.finite != nil }
    guard let worst = scored.min(by: { ($0.score?.iou ?? 1) < ($1.score?.iou ?? 1) }) else {
      return nil
    }
    let values = scored.compactMap { $0.score?.iou }
    let mean = values.reduce(0, +) / Double(values.count)
    let spans = scored.map { moment in
      let iou = moment.score?.iou ?? 0
      return TimelineChart.Span(
        start: moment.start, end: moment.end, height: iou,
        kind: iou < ClipFindings.threshold ? "low" : moment.hasSound ? "" : "void",
        mark: moment.score?.fScore?.finite,
        words: "\(DisplayText.clock(moment.time)): IoU \(DisplayText.fixed(iou, 3)), F-score "
          + DisplayText.fixed(moment.score?.fScore, 3))
    }
    let label =
      (run.map { "\($0): " } ?? "")
      + "Overlap of predicted and true mask at \(DisplayText.count(values.count, "moment")): mean "
      + "\(DisplayText.fixed(mean, 3)), lowest \(DisplayText.fixed(worst.score?.iou, 3)) at "
      + "\(DisplayText.clock(worst.time)). The table of moments has every figure."
    return Lane(
      label: run ?? "IoU ▮ F ─", kind: "overlap",
      chart: chart.bars(spans, label: label, threshold: ClipFindings.threshold))
  }

  private static func certainty(_ chart: TimelineChart, _ moments: [ClipMoment]) -> Lane? {
    let spans = moments.compactMap { moment in
      moment.prediction.map { frame in
        TimelineChart.Span(
          start: moment.start, end: moment.end, height: frame.score.finite ?? 0,
          words: "\(DisplayText.clock(moment.time)): certainty \(DisplayText.fixed(frame.score, 2))"
        )
      }
    }
    guard !spans.isEmpty else { return nil }
    return Lane(
      label: "Certainty", kind: "certainty",
      chart: chart.bars(
        spans, label: "How sure the model is that something visible sounds, over time.",
        threshold: ClipFindings.threshold))
  }

  /// When something visible sounds, by the truth and by the model.
  private static func presence(_ chart: TimelineChart, _ moments: [ClipMoment]) -> [Lane] {
    func lane(
      _ label: String, _ kind: String, _ who: String, _ sounds: (ClipMoment) -> Bool?
    ) -> Lane? {
      let known = moments.filter { sounds($0) != nil }
      guard !known.isEmpty else { return nil }
      let spans = joined(known.filter { sounds($0) == true })
      let list = spans.map { "\(DisplayText.clock($0.start))–\(DisplayText.clock($0.end))" }
      let words =
        spans.isEmpty
        ? "Nothing visible sounds by \(who)."
        : "Something visible sounds by \(who): \(list.joined(separator: ", "))."
      return Lane(
        label: label, kind: kind, chart: chart.bars(spans, label: words), )
    }
    return [
      lane("Truth", "truth", "the ground truth") { $0.truthSounding },
      lane("Model", "prediction", "the model") { $0.prediction?.sounding },
    ].compactMap(\.self)
  }

  /// The stretches of moments, joined where they meet.
  private static func joined(_ moments: [ClipMoment]) -> [TimelineChart.Span] {
    var spans: [TimelineChart.Span] = []
    for moment in moments {
      if let last = spans.last, moment.start - last.end < 0.001 {
        spans[spans.count - 1] = .init(start: last.start, end: moment.end)
      } else {
        spans.append(.init(start: moment.start, end: moment.end))
      }
    }
    return spans
  }

  private static func sound(_ chart: TimelineChart, _ sound: ClipSound?, _ root: String) -> [Lane] {
    guard let sound else { return [] }
    return [
      Lane(
        label: "Sound", kind: "waveform", chart: chart.waveform(sound), ),
      Lane(
        label: "Spectrum", kind: "spectrum", chart: nil, picture: root + sound.spectrum,
        alternative: "Log-mel spectrum of the sound over time, 125 Hz at the bottom to 7.5 kHz at "
          + "the top, bright where loud; the scale is the one that the model hears.",
        note: "0.1–7.5 kHz"),
    ]
  }
}
