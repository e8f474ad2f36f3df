import Annotations
import Evaluation

/// The view of a clip's page.
struct ClipPage: Encodable {
  struct Link: Encodable {
    let id: String
    let address: String
  }

  /// A video that is fetched from elsewhere when the reader asks for it.
  struct Remote: Encodable {
    let address: String
    let host: String
  }

  struct Player: Encodable {
    let source: String?
    let remote: Remote?
    let poster: String?
    let width: Int
    let height: Int
    /// Whether there is something to compare the prediction with, and what: the truth, other runs.
    let hasSecond: Bool
    let hasOthers: Bool
    let seconds: [Second]
    let secondName: String
    /// Whether the player can show the kinds of things apart.
    let hasKinds: Bool
    /// Whether it can show any map of values, how sure the model is of each place.
    let hasHeat: Bool
    let hasCertainty: Bool
    /// Whether it can show which places the sound asked.
    let hasAttention: Bool
    let data: String
  }

  /// What the player can compare the prediction with.
  struct Second: Encodable {
    let value: String
    let name: String
  }

  struct Picture: Encodable {
    let source: String
    let width: Int
    let height: Int
    let alternative: String
    let caption: String
    let clock: String
    let seconds: String
    let target: String?
    /// What the model says, and what people do; nil where that is nothing.
    let prediction: MaskOutline?
    let truth: MaskOutline?
  }

  let frame: PageFrame
  let id: String
  let state: String
  let category: String?
  let previous: Link?
  let next: Link?
  let failure: ClipFailureView?
  let isWaiting: Bool
  let problem: String?
  let player: Player?
  let timeline: ClipTimeline?
  let findings: ClipFindings?
  let objects: ClipObjects?
  let transcript: ClipTranscript?
  let otherRuns: OtherRunsView?
  let hasFigures: Bool
  let figures: [TileView]
  /// The same figures and all others.
  let allFigures: [TileView]
  let basis: String
  let hasPictures: Bool
  /// Whether a key frame has a true mask.
  let hasTruePictures: Bool
  let pictures: [Picture]
  let hasMoments: Bool
  let moments: [ClipMomentView]
  let hasProvenance: Bool
  let provenance: [FactView]
  /// The tries at a clip that was analysed in the end.
  var retries: ClipAttemptsView?
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
    var frame = frame
    frame.mediaSource = media.web?.origin
    let video = media.video.map { frame.root + $0 } ?? media.web.map { _ in "" }
    let moments = clipMoments.map { ClipMomentView($0, video: video) }
    let objects = ClipObjects(clipMoments)
    let figures = (report.metrics.map(MetricTiles.tiles) ?? []).map(Self.ranked)
    let facts = ClipProvenance.facts(of: report)
    let others = OtherRun.all(report, beside: clipMoments)
    let root = frame.root
    let pictures = Self.pictures(media, clipMoments, moments, root: root)
    self.init(
      frame: frame, id: report.id.text, state: report.state.name,
      category: report.truth?.category ?? report.score?.category,
      previous: neighbours.previous, next: neighbours.next,
      failure: ClipFailureView(report.state), isWaiting: report.state == .waiting,
      problem: media.problem,
      player: try Self.player(report, clipMoments, objects, others, media, root: frame.root),
      timeline: ClipTimeline(
        report, clipMoments, others, sound: media.sound, strip: media.strip, root: frame.root),
      findings: ClipFindings(
        clipMoments, report.metrics, video: video,
        pictures: Dictionary(
          media.keyFrames.compactMap { frame in frame.finding.map { (frame.moment, root + $0) } },
          uniquingKeysWith: { first, _ in first })), objects: objects,
      transcript: ClipTranscript(clipMoments, report.metrics, video: video),
      otherRuns: OtherRunsView(others, report, clipMoments, video: video),
      hasFigures: !figures.isEmpty,
      figures: figures, allFigures: report.metrics.map(MetricTiles.all) ?? [],
      basis: report.metrics.map { MetricTiles.basis($0.counts) } ?? "",
      hasPictures: !pictures.isEmpty,
      hasTruePictures: pictures.contains { $0.truth != nil }, pictures: pictures,
      hasMoments: !moments.isEmpty,
      moments: moments, hasProvenance: !facts.isEmpty, provenance: facts,
      retries: report.state == .done ? report.job?.tries.map(ClipAttemptsView.init) : nil,
      notes: report.truth?.notes,
      downloads: ClipDownloads.list(
        for: report, video: media.video.map { frame.root + $0 }))
  }

  /// A tile with what a script needs to say how the clip stands among the others.
  private static func ranked(_ tile: TileView) -> TileView {
    let column = ["mIoU": "iou", "F-score": "fScore"][tile.label]
    guard let column, let value = Double(tile.value) else { return tile }
    var tile = tile
    tile.ranking = column
    tile.thousandths = Int((1000 * value).rounded())
    return tile
  }

  private static func player(
    _ report: ClipReport, _ moments: [ClipMoment], _ objects: ClipObjects?, _ others: [OtherRun],
    _ media: ClipMedia, root: String
  ) throws -> Player? {
    guard media.video != nil || media.web != nil else { return nil }
    let data = ClipPlayerData(
      report, moments, objects: objects, others: others, pictureStart: media.pictureStart)
    let seconds =
      (data.hasTruth ? [Second(value: "truth", name: "Truth")] : [])
      + others.enumerated().map { Second(value: "\($0.offset)", name: $0.element.name) }
    let clip = report.prediction?.clip
    return Player(
      source: media.video.map { root + $0 },
      remote: media.web.map { web in
        Remote(
          address: web.address, host: web.origin?.split(separator: "/").last.map(String.init) ?? "")
      }, poster: media.poster.map { root + $0 },
      width: max(1, clip?.width ?? 16), height: max(1, clip?.height ?? 9),
      hasSecond: !seconds.isEmpty, hasOthers: !others.isEmpty, seconds: seconds,
      secondName: seconds.first?.name ?? "", hasKinds: (objects?.kinds.count ?? 0) > 1,
      hasHeat: data.hasCertainty || data.hasAttention,
      hasCertainty: data.hasCertainty, hasAttention: data.hasAttention,
      data: try JSONText.block(data))
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
        caption: moments[picture.moment].prediction == nil ? "" : caption, clock: view.clock,
        seconds: view.seconds, target: view.target,
        prediction: covered ? Self.outline(moments[picture.moment].prediction?.mask) : nil,
        truth: Self.outline(moments[picture.moment].truthMask))
    }
  }

  private static func outline(_ mask: RunLengthMask?) -> MaskOutline? {
    (try? mask?.decoded()).flatMap { MaskOutline($0) }
  }
}
