import Foundation

/// The tries at a job.
struct ClipAttemptsView: Encodable {
  struct Attempt: Encodable {
    let number: Int
    let host: String
    let started: MomentView?
    let took: String
    /// The first line of what was said.
    let error: String
    /// Everything that was said, when that is more than a line.
    let log: String?
  }

  /// Lines of a log that a page shows; the JSON twin has them all.
  private static let lines = 40

  let attempts: [Attempt]

  init(_ attempts: [AttemptRecord]) { self.attempts = attempts.map(Self.attempt) }

  private static func attempt(_ attempt: AttemptRecord) -> Attempt {
    let seconds = attempt.startedAt.flatMap { attempt.endedAt?.timeIntervalSince($0) }
    let lines = (attempt.error ?? "–").split(whereSeparator: \.isNewline)
    return Attempt(
      number: attempt.number, host: attempt.host ?? "–",
      started: attempt.startedAt.map(MomentView.init), took: DisplayText.duration(seconds),
      error: lines.first.map(String.init) ?? "–",
      log: lines.count > 1 ? lines.suffix(Self.lines).joined(separator: "\n") : nil)
  }
}

/// Why the analysis of a clip was given up, and what was tried.
struct ClipFailureView: Encodable {
  let reason: String
  /// How it ended; nil where that says no more than that it failed.
  let kind: String?
  /// When to try again; the page adds by what.
  let advice: String
  let hasAttempts: Bool
  let attempts: [ClipAttemptsView.Attempt]

  /// The view; nil for a clip whose analysis was not given up.
  init?(_ state: ClipReport.State) {
    guard case .failed(let reason, let kind, let attempts) = state else { return nil }
    self.reason = reason
    self.kind = kind == "failed" ? nil : kind
    advice = Self.advice(for: kind)
    self.attempts = ClipAttemptsView(attempts).attempts
    hasAttempts = !attempts.isEmpty
  }

  private static func advice(for kind: String) -> String {
    switch kind {
    case "quarantined":
      "Its processes died again and again, so it was set aside. When the cause is mended:"
    case "cancelled": "A person called it off. To take it up again:"
    default: "When the cause is mended:"
    }
  }
}
