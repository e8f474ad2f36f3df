import Annotations
import Evaluation

/// What lists say of one clip. Kept for every clip of a collection while its pages are built.
///
/// A class, because dashboards sort and group rows by the hundred thousand: as values, with a dozen
/// texts each, the copies took more memory than all else of a build.
final class ClipRow: Codable, Sendable {
  let id: String
  /// From the collection's folder.
  let href: String
  let state: String
  let category: String?
  /// The model that made the prediction, with the beginning of its weights' hash.
  let model: String?
  let iou: Double?
  let fScore: Double?
  let duration: Double?
  /// Seconds shown as sounding.
  let sounding: Double?
  /// The different sentences, in order of time.
  let sentences: [String]
  let reason: String?
  let attempts: Int?
  /// From the site's folder.
  let thumbnail: String?
  /// What dashboards sum up.
  let facts: ClipFacts

  init(_ report: ClipReport, href: String, moments: [ClipMoment], thumbnail: String?) {
    id = report.id.text
    self.href = href
    state = report.state.name
    category = report.truth?.category ?? report.score?.category ?? Self.mainCategory(of: moments)
    model = report.prediction.map { "\($0.model.name) \($0.model.sha256.prefix(8))" }
    iou = report.metrics?.values["mIoU"]?.value.finite
    fScore = report.metrics?.values["F-score"]?.value.finite
    duration = report.prediction?.clip.duration.finite
    let heard = moments.filter { $0.prediction?.sounding == true }
    sounding = report.prediction == nil ? nil : heard.reduce(0) { $0 + $1.end - $1.start }
    var seen: Set<String> = []
    sentences = moments.compactMap { $0.prediction?.caption }
      .filter { !$0.isEmpty && seen.insert($0).inserted }
    if case .failed(let reason, _, let attempts) = report.state {
      self.reason = reason
      self.attempts = attempts.count
    } else {
      reason = nil
      attempts = nil
    }
    self.thumbnail = thumbnail
    facts = ClipFacts(report, moments)
  }

  /// A row that differs from another in some things.
  init(
    _ row: ClipRow, category: String?, model: String?, sentences: [String], facts: ClipFacts
  ) {
    id = row.id
    href = row.href
    state = row.state
    self.category = category
    self.model = model
    iou = row.iou
    fScore = row.fScore
    duration = row.duration
    sounding = row.sounding
    self.sentences = sentences
    reason = row.reason
    attempts = row.attempts
    thumbnail = row.thumbnail
    self.facts = facts
  }

  /// The row with texts that many clips share where those lie in memory already.
  func sharing(_ texts: inout SharedTexts) -> ClipRow {
    var facts = facts
    facts.truth = facts.truth.map { texts.shared($0) }
    facts.predicted = facts.predicted.map { texts.shared($0) }
    return ClipRow(
      self, category: category.map { texts.shared($0) }, model: model.map { texts.shared($0) },
      sentences: sentences.map { texts.shared($0) }, facts: facts)
  }

  /// The name of the clip's folder.
  var folder: String { String(href.split(separator: "/").dropLast().last ?? "") }

  /// What people and the model say sounds; nil for a clip that cannot be judged by that.
  var judgement: Judgement? {
    guard let truth = facts.truth, state == "done", facts.judged > 0 else { return nil }
    // A clip in which nothing visible sounds has no category to be mistaken, whatever it is filed as.
    return Judgement(
      truth: facts.sounding == 0 ? Judgement.nothing : truth,
      said: facts.predicted ?? Judgement.nothing)
  }

  /// Two categories; ``nothing`` stands for no visible source.
  struct Judgement: Hashable {
    static let nothing = "nothing"

    let truth: String
    let said: String

    var isRight: Bool { truth == said }
  }

  /// The category predicted most often; the first by name among equals.
  private static func mainCategory(of moments: [ClipMoment]) -> String? {
    let names = moments.compactMap { $0.prediction?.category }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}

/// Texts that many clips have, each once.
struct SharedTexts {
  private var texts: Set<String> = []

  /// The text, in the memory of an equal one that came before.
  mutating func shared(_ text: String) -> String { texts.insert(text).memberAfterInsert }
}

extension ClipReport.State {
  /// The word for the state, for people and programs.
  var name: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .waiting: "waiting"
    }
  }
}

extension Double {
  /// The value, or nil when it is no number.
  var finite: Double? { isFinite ? self : nil }
}
