import Annotations
import Evaluation
import Foundation

/// The view of a clip's page.
struct ClipPage: Encodable {
  struct Link: Encodable {
    let id: String
    let address: String
  }

  struct Player: Encodable {
    let source: String?
    let poster: String?
    let width: Int
    let height: Int
    let hasTruth: Bool
    let data: String
  }

  struct Strip: Encodable {
    let label: String
    let chart: String
  }

  struct Picture: Encodable {
    let source: String
    let width: Int
    let height: Int
    let alternative: String
    let caption: String
    let clock: String
  }

  struct Failure: Encodable {
    let reason: String
    let kind: String
    let hasAttempts: Bool
    let attempts: [Attempt]
  }

  struct Attempt: Encodable {
    let number: Int
    let host: String
    let started: String
    let took: String
    let error: String
  }

  let frame: PageFrame
  let id: String
  let state: String
  let category: String?
  let previous: Link?
  let next: Link?
  let failure: Failure?
  let isWaiting: Bool
  let problem: String?
  let player: Player?
  let strips: [Strip]
  let hasSentences: Bool
  let sentences: [ClipMomentView]
  let hasFigures: Bool
  let figures: [TileView]
  /// The same figures and all others.
  let allFigures: [TileView]
  let basis: String
  let hasPictures: Bool
  let pictures: [Picture]
  let hasMoments: Bool
  let moments: [ClipMomentView]
  let hasObjects: Bool
  let hasProvenance: Bool
  let provenance: [FactView]
  let notes: String?
  let downloads: [DownloadView]
}

extension ClipPage {
  /// The view of a record.
  ///
  /// - Parameters:
  ///   - report: The clip's record.
  ///   - clipMoments: Its moments.
  ///   - media: What of its video is in the site.
  ///   - frame: What is around the page.
  ///   - neighbours: The clips before and after it in the collection.
  /// - Throws: An error when the player's data cannot be written as JSON.
  init(
    _ report: ClipReport, _ clipMoments: [ClipMoment], _ media: ClipMedia, frame: PageFrame,
    neighbours: (previous: Link?, next: Link?)
  ) throws {
    let video = media.video.map { frame.root + $0 }
    let moments = clipMoments.map { ClipMomentView($0, video: video) }
    let sentences = moments.filter { !$0.sentence.isEmpty }
    let figures = report.metrics.map(MetricTiles.tiles) ?? []
    let facts = ClipProvenance.facts(of: report)
    let pictures = Self.pictures(media, clipMoments, moments, root: frame.root)
    self.init(
      frame: frame, id: report.id.text, state: report.state.name,
      category: report.truth?.category ?? report.score?.category,
      previous: neighbours.previous, next: neighbours.next,
      failure: Self.failure(report.state), isWaiting: report.state == .waiting,
      problem: media.problem,
      player: try Self.player(report, clipMoments, media, root: frame.root),
      strips: Self.strips(report, clipMoments), hasSentences: !sentences.isEmpty,
      sentences: sentences, hasFigures: !figures.isEmpty, figures: figures,
      allFigures: report.metrics.map(MetricTiles.all) ?? [],
      basis: report.metrics.map { MetricTiles.basis($0.counts) } ?? "",
      hasPictures: !pictures.isEmpty, pictures: pictures, hasMoments: !moments.isEmpty,
      moments: moments, hasObjects: moments.contains { !$0.objects.isEmpty },
      hasProvenance: !facts.isEmpty, provenance: facts, notes: report.truth?.notes,
      downloads: ClipDownloads.list(for: report, video: video))
  }

  private static func failure(_ state: ClipReport.State) -> Failure? {
    guard case .failed(let reason, let kind, let attempts) = state else { return nil }
    return Failure(
      reason: reason, kind: kind, hasAttempts: !attempts.isEmpty,
      attempts: attempts.map { attempt in
        let seconds = attempt.startedAt.flatMap { attempt.endedAt?.timeIntervalSince($0) }
        return Attempt(
          number: attempt.number, host: attempt.host ?? "–",
          started: attempt.startedAt.map { MomentView($0).text } ?? "–",
          took: DisplayText.duration(seconds), error: attempt.error ?? "–")
      })
  }

  private static func player(
    _ report: ClipReport, _ moments: [ClipMoment], _ media: ClipMedia, root: String
  ) throws -> Player? {
    guard media.video != nil else { return nil }
    let data = ClipPlayerData(moments)
    let clip = report.prediction?.clip
    return Player(
      source: media.video.map { root + $0 }, poster: media.poster.map { root + $0 },
      width: max(1, clip?.width ?? 16), height: max(1, clip?.height ?? 9),
      hasTruth: data.hasTruth, data: try JSONText.block(data))
  }

  /// The strips of the timeline: overlap or certainty, what sounds by truth, what by the model.
  private static func strips(_ report: ClipReport, _ moments: [ClipMoment]) -> [Strip] {
    guard let last = moments.last, report.prediction != nil else { return [] }
    let duration = max(report.prediction?.clip.duration.finite ?? 0, last.end)
    func bars(_ height: (ClipMoment) -> Double?) -> [(start: Double, end: Double, height: Double)] {
      moments.compactMap { moment in
        height(moment).map { (moment.start, moment.end, $0.finite ?? 0) }
      }
    }
    var strips: [Strip] = []
    func add(
      _ label: String, _ kind: String, _ height: (ClipMoment) -> Double?, _ words: String
    ) {
      let drawn = bars(height)
      guard !drawn.isEmpty else { return }
      let svg = Charts.strip(drawn, duration: duration, label: words, kind: kind)
      strips.append(Strip(label: label, chart: svg))
    }
    add(
      "Overlap", "overlap", { $0.score?.iou },
      "Overlap of predicted and true mask over time; the table of moments has the figures.")
    add(
      "Certainty", "certainty", { $0.prediction?.score },
      "How sure the model is that something visible sounds, over time.")
    add(
      "Truth", "truth", { $0.truthSounding == true ? 1 : nil },
      "When something visible sounds by the ground truth.")
    add(
      "Predicted", "prediction", { $0.prediction?.sounding == true ? 1 : nil },
      "When something visible sounds by the prediction.")
    return strips
  }

  private static func pictures(
    _ media: ClipMedia, _ moments: [ClipMoment], _ views: [ClipMomentView], root: String
  ) -> [Picture] {
    media.keyFrames.map { picture in
      let view = views[picture.moment]
      let covered = moments[picture.moment].prediction?.sounding == true
      let says = view.sentence.isEmpty ? "" : " Sentence: \(view.sentence)"
      let caption = view.sentence.isEmpty ? "Nothing visible sounds." : view.sentence
      return Picture(
        source: root + picture.file, width: picture.width, height: picture.height,
        alternative: covered
          ? "Frame at \(view.clock): the predicted mask covers \(view.covered).\(says)"
          : "Frame at \(view.clock): no mask.",
        caption: moments[picture.moment].prediction == nil ? "" : caption, clock: view.clock)
    }
  }
}
