/// The lanes of a clip's timeline. All are as wide as the clip is long, so that one playhead fits
/// them all; places are in percent, so that nothing is distorted.
struct TimelineChart {
  /// A stretch of the clip.
  struct Span {
    let start: Double
    let end: Double
    /// How high it reaches, 0 to 1.
    var height = 1.0
    /// A class of its own.
    var kind = ""
    /// How high a second figure is, drawn as a line across; nil for none.
    var mark: Double?
    /// What a pointer that rests on it says.
    var words = ""
  }

  /// The length of all lanes in seconds.
  let duration: Double

  /// Bars, one for each stretch.
  ///
  /// - Parameters:
  ///   - spans: The stretches.
  ///   - label: What the lane shows.
  ///   - threshold: Where a line is drawn across, 0 to 1.
  /// - Returns: An `svg` element.
  func bars(_ spans: [Span], label: String, threshold: Double? = nil) -> String {
    var content = spans.map(bar)
    if let threshold {
      let y = SVG.percent(1 - threshold, of: 1)
      content.append("<line class=\"threshold\" x1=\"0\" x2=\"100%\" y1=\"\(y)\" y2=\"\(y)\"/>")
    }
    return SVG.drawing("lane-chart", size: nil, label: label, content)
  }

  private func bar(_ span: Span) -> String {
    let height = min(max(span.height.finite ?? 0, 0), 1)
    let look = span.kind.isEmpty ? "" : " class=\"\(span.kind)\""
    let line = span.mark.map { mark in
      let y = SVG.percent(1 - min(max(mark, 0), 1), of: 1)
      return "<line class=\"second\" x1=\"\(SVG.percent(span.start, of: duration))\" "
        + "x2=\"\(SVG.percent(span.end, of: duration))\" y1=\"\(y)\" y2=\"\(y)\"/>"
    }
    let words = span.words.isEmpty ? "" : "<title>\(DisplayText.escaped(span.words))</title>"
    return "<rect\(look) x=\"\(SVG.percent(span.start, of: duration))\" "
      + "y=\"\(SVG.percent(1 - height, of: 1))\" "
      + "width=\"\(SVG.percent(span.end - span.start, of: duration))\" "
      + "height=\"\(SVG.percent(height, of: 1))\">\(words)</rect>" + (line ?? "")
  }

  /// The outline of the sound, in the box of ``SoundDrawing``.
  func waveform(_ sound: ClipSound) -> String {
    let width = Double(SoundDrawing.columns)
    let label = "Loudness over time, from the beginning to \(DisplayText.clock(duration))."
    let whole = SVG.number(width * duration / sound.seconds)
    return "<svg class=\"lane-chart\" viewBox=\"0 0 \(whole) 64\" "
      + "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"\(label)\">"
      + "<path d=\"\(sound.waveform)\"/></svg>"
  }

  /// The clock below the lanes: at most nine times, at round numbers of seconds.
  func axis() -> String {
    let steps: [Double] = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]
    let step = steps.first { duration / $0 <= 8 } ?? duration / 8
    var content: [String] = []
    var time = 0.0
    while time <= duration - step * 0.35 || time == 0 {
      let x = SVG.percent(time, of: duration)
      content.append("<line x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"5\"/>")
      content.append(SVG.text(label(time, step), x: x, y: "17", time == 0 ? "start" : ""))
      time += step
    }
    return "<svg class=\"lane-axis\" aria-hidden=\"true\">\(content.joined())</svg>"
  }

  private func label(_ time: Double, _ step: Double) -> String {
    let clock = DisplayText.clock(time)
    return step >= 1 ? String(clock.dropLast(2)) : clock
  }
}
