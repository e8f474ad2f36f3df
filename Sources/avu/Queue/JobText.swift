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
      ("Priority", job.priority == 0 ? nil : "\(job.priority)"),
      ("Element", job.element.map { "\($0.index) of array \($0.array)" }),
      ("Queued", moment(job.createdAt)), ("Started", job.startedAt.map(moment)),
      ("Ended", job.finishedAt.map(moment)),
      (
        "Failures",
        "\(job.strikes.errors) of \(job.maxErrors) errors, \(job.strikes.deaths) deaths, "
          + "\(job.strikes.interruptions) interruptions"
      ),
      ("Payload", job.payload),
      ("Output", details.output?.replacing(/\s*\n\s*/, with: " ")),
    ]
    for case (let name, let value?) in facts where !value.isEmpty {
      Console.print(name.padding(toLength: 12, withPad: " ", startingAt: 0) + value.printable)
    }
    printOthers(
      "WAITS FOR", more: job.waitsFor - details.waitsFor.count, details.waitsFor.map { ($0, "") })
    printOthers(
      "WAITED FOR BY", more: 0,
      details.waiters.map {
        ($0.job, $0.needsSuccess ? "starts when this is done" : "starts when all have ended")
      })
    guard !details.attempts.isEmpty else { return }
    Console.print("")
    Console.print(
      table: ["ATTEMPT", "BEGAN", "TOOK", "HOST", "OUTCOME", "MESSAGE"],
      rows: details.attempts.map { attempt in
        let seconds = max(0, attempt.endedAt.timeIntervalSince(attempt.startedAt))
        return [
          "\(attempt.number)", moment(attempt.startedAt),
          seconds < 10 ? String(format: "%.1f s", seconds) : ProgressLine.text(seconds: seconds),
          attempt.host.printable, attempt.outcome.rawValue, (attempt.message ?? "").printable,
        ]
      })
  }

  /// Jobs that have to do with another one.
  private static func printOthers(_ title: String, more: Int, _ others: [(JobRecord, String)]) {
    if others.isEmpty && more <= 0 { return }
    Console.print("")
    if !others.isEmpty {
      Console.print(
        table: [title, "STATE", "KIND", "COLLECTION", "CLIP", "NOTE"],
        rows: others.map { job, note in
          [
            "\(job.id)", job.state.rawValue, job.kind.printable, job.group.printable,
            (job.clip ?? job.key).printable, note.isEmpty ? cut(Self.note(on: job), to: 100) : note,
          ]
        })
    }
    if more > 0 { Console.print("\(grouped(more)) more that it waits for, arrays counted as one.") }
  }

  /// Arrays with how far they are.
  static func print(_ arrays: [JobArrayRecord]) {
    guard !arrays.isEmpty else {
      Console.print("There are no arrays; avu submit --array queues clips as one.")
      return
    }
    let states = JobState.allCases.filter { state in
      [.waiting, .running, .done].contains(state)
        || arrays.contains { $0.counts[state] ?? 0 > 0 }
    }
    Console.print(
      table: ["ARRAY", "KIND", "COLLECTION", "SIZE"] + states.map { $0.rawValue.uppercased() }
        + ["SKIPPED", "FOLLOWS"],
      rows: arrays.map { array in
        [
          "\(array.id)", array.kind.printable, array.group.printable, grouped(array.size),
        ] + states.map { grouped(array.counts[$0] ?? 0) } + [
          grouped(array.skipped + array.pruned), array.after.map(String.init) ?? "",
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
      let pause =
        seconds > 0
        ? "\(job.attempts > 0 || job.waitReason != nil ? "again" : "starts") in \(ProgressLine.text(seconds: seconds))"
        : nil
      let others = job.waitsFor > 0 ? "waits for \(counted(job.waitsFor, "job"))" : nil
      return [pause, others, job.waitReason, failure].compactMap(\.self).joined(separator: "; ")
        .printable
    case .failed, .quarantined: return (failure ?? "").printable
    case .cancelled:
      return job.prerequisite.map { "job \($0), whose success it needs, ended without" } ?? ""
    case .done: return ""
    }
  }

  private static func moment(_ date: Date) -> String {
    date.formatted(.iso8601)
  }

  /// On a terminal a line is one; whoever reads a pipe gets all.
  private static func cut(_ text: String, to length: Int) -> String {
    text.count <= length || isatty(STDOUT_FILENO) == 0 ? text : text.prefix(length - 1) + "…"
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
