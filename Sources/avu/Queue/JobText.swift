import Foundation
import Jobs

/// Jobs as people read them in a terminal.
enum JobText {
  static func print(_ page: JobPage, isFirst: Bool) {
    guard !page.jobs.isEmpty else {
      Console.print(page.total == 0 ? "No job matches." : "There is no such page.")
      return
    }
    Console.print(
      table: ["ID", "STATE", "KIND", "COLLECTION", "CLIP", "ATTEMPTS", "NOTE"],
      rows: page.jobs.map { job in
        [
          "\(job.id)", job.state.rawValue, job.kind.printable, job.group.printable,
          (job.clip ?? job.key).printable, "\(job.attempts)", cut(note(on: job), to: 100),
        ]
      })
    if page.jobs.count < page.total {
      Console.print(
        "\nshowing \(grouped(page.jobs.count)) of \(grouped(page.total))"
          + (isFirst ? "; --page 2 shows more" : ""))
    }
  }

  static func print(_ details: JobDetails) {
    let job = details.job
    let facts: [(String, String?)] = [
      ("Job", "\(job.id)"), ("State", job.state.rawValue), ("Note", note(on: job)),
      ("Kind", job.kind), ("Clip", job.clip), ("Collection", job.group), ("Key", job.key),
      ("Queued", moment(job.createdAt)), ("Started", job.startedAt.map(moment)),
      ("Ended", job.finishedAt.map(moment)),
      (
        "Failures",
        "\(job.strikes.errors) of \(job.maxErrors) errors, \(job.strikes.deaths) deaths, "
          + "\(job.strikes.interruptions) interruptions"
      ),
      ("Payload", job.payload),
    ]
    for case (let name, let value?) in facts where !value.isEmpty {
      Console.print(name.padding(toLength: 12, withPad: " ", startingAt: 0) + value.printable)
    }
    guard !details.attempts.isEmpty else { return }
    Console.print("")
    Console.print(
      table: ["ATTEMPT", "BEGAN", "TOOK", "HOST", "OUTCOME", "MESSAGE"],
      rows: details.attempts.map { attempt in
        let seconds = max(0, attempt.endedAt.timeIntervalSince(attempt.startedAt))
        return [
          "\(attempt.number)", moment(attempt.startedAt), String(format: "%.1f s", seconds),
          attempt.host.printable, attempt.outcome.rawValue, (attempt.message ?? "").printable,
        ]
      })
  }

  /// What is most worth knowing in the job's state.
  private static func note(on job: JobRecord) -> String {
    let failure = job.failure.map { failure in
      failure.kind == .error
        ? failure.message : "\(failure.kind.rawValue): \(failure.message)"
    }
    switch job.state {
    case .running:
      let part = Int(((job.progress ?? 0) * 100).rounded())
      return "\(part) % on \(job.host ?? "?")".printable
    case .waiting:
      let seconds = job.notBefore.timeIntervalSinceNow
      let pause = seconds > 0 ? "again in \(ProgressLine.text(seconds: seconds)); " : ""
      return failure.map { (pause + $0).printable } ?? ""
    case .failed, .quarantined: return (failure ?? "").printable
    case .done, .cancelled: return ""
    }
  }

  private static func moment(_ date: Date) -> String {
    date.formatted(.iso8601)
  }

  private static func cut(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  /// A number with commas between its thousands.
  private static func grouped(_ number: Int) -> String {
    var text = String(number)
    var place = text.count - 3
    while place > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: place))
      place -= 3
    }
    return text
  }
}
