import Annotations
import Foundation

/// The masks of a clip as a download: COCO run-length, predicted and true, by time.
struct MaskDocument: Encodable {
  struct Moment: Encodable {
    let time: Double
    let prediction: RunLengthMask?
    let truth: RunLengthMask?
  }

  let format = 1
  let clip: ClipID
  let frames: [Moment]

  init(clip: ClipID, moments: [ClipMoment]) {
    self.clip = clip
    frames = moments.map {
      Moment(time: $0.time, prediction: $0.prediction?.mask, truth: $0.truthMask)
    }
  }

  private enum CodingKeys: String, CodingKey { case format, clip, frames }
}

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
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  private static func stamp(_ seconds: Double) -> String {
    let thousandths = Int((min(max(seconds, 0), 3.5e6) * 1000).rounded())
    return String(
      format: "%02d:%02d:%02d.%03d", thousandths / 3_600_000, thousandths / 60_000 % 60,
      thousandths / 1000 % 60, thousandths % 1000)
  }
}

/// The files that a clip's page offers.
enum ClipDownloads {
  static let prediction = "prediction.json"
  static let masks = "masks.json"
  static let captions = "captions.vtt"

  /// The files of a record, in the order in which the page lists them.
  static func list(for report: ClipReport, video: String?) -> [DownloadView] {
    var list: [DownloadView] = []
    if report.prediction != nil {
      list.append(
        DownloadView(label: "Prediction", href: prediction, detail: "JSON, as the model gave it"))
      list.append(DownloadView(label: "Sentences", href: captions, detail: "WebVTT subtitles"))
    }
    if report.prediction != nil || report.truth?.masks != nil {
      list.append(
        DownloadView(label: "Masks", href: masks, detail: "JSON, COCO run-length, by time"))
    }
    list.append(
      DownloadView(label: "This page", href: "index.json", detail: "JSON, everything shown here"))
    if let video { list.append(DownloadView(label: "Video", href: video, detail: "as played")) }
    return list
  }
}
