import Annotations

/// The sentences of a clip as WebVTT.
enum WebVTT {
  /// One cue for each run of moments with the same sentence.
  static func document(_ moments: [ClipMoment]) -> [UInt8] {
    var cues: [(start: Double, end: Double, text: String)] = []
    for moment in moments {
      let text = line(moment.prediction?.caption ?? "")
      guard !text.isEmpty else { continue }
      if let last = cues.last, last.text == text, abs(last.end - moment.start) < 0.001 {
        cues[cues.count - 1].end = moment.end
      } else {
        cues.append((moment.start, moment.end, text))
      }
    }
    let body = cues.map { "\n\(stamp($0.start)) --> \(stamp($0.end))\n\($0.text)\n" }
    return Array(("WEBVTT\n" + body.joined()).utf8)
  }

  /// A sentence as one line in which nothing is markup or an arrow.
  private static func line(_ text: String) -> String {
    if isPlain(text) { return text }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// Whether a text is words of ASCII with a space between them, as nearly all are.
  private static func isPlain(_ text: String) -> Bool {
    var last = UInt8(ascii: " ")
    for unit in text.utf8 {
      guard (0x20..<0x7F).contains(unit), !"&<>".utf8.contains(unit), max(unit, last) > 0x20
      else { return false }
      last = unit
    }
    return last > 0x20
  }

  private static func stamp(_ seconds: Double) -> String {
    let thousandths = Int((min(max(seconds, 0), 3.5e6) * 1000).rounded())
    let parts = [thousandths / 3_600_000, thousandths / 60_000 % 60, thousandths / 1000 % 60]
    return parts.map { FixedDecimals.padded($0, 2) }.joined(separator: ":") + "."
      + FixedDecimals.padded(thousandths % 1000, 3)
  }
}

/// The files that a clip's page offers.
enum ClipDownloads {
  static let record = "index.json"
  static let captions = "captions.vtt"

  /// The files of a record, in the order in which the page lists them.
  static func list(for report: ClipReport, video: String?) -> [DownloadView] {
    var list: [DownloadView] = []
    let hasMasks = report.prediction != nil || report.truth?.masks != nil
    list.append(
      DownloadView(
        label: hasMasks ? "Masks and all else shown here" : "This page", href: record,
        detail: hasMasks ? "JSON, masks as COCO run-length" : "JSON"))
    if report.prediction != nil {
      list.append(DownloadView(label: "Sentences", href: captions, detail: "WebVTT subtitles"))
    }
    if let video { list.append(DownloadView(label: "Video", href: video, detail: "as played")) }
    return list
  }
}
