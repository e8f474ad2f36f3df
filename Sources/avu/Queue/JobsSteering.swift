import ArgumentParser
import Jobs
import JobsPostgres

extension JobsCommand {
  struct PrioritizeJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prioritize", abstract: "Give waiting jobs another priority.",
      discussion: """
        Jobs of a higher priority are started first, whatever their collection; 0 is usual, and \
        negative ones come last. Scoring jobs take over the priority of the job that they follow.

        EXAMPLES:
          avu jobs prioritize --priority 10 4711 4712
          avu jobs prioritize --priority -1 --collection archive --all
        """)

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("The priority; high ones are started first.", valueName: "n"))
    var priority: Int

    @OptionGroup var target: JobTarget

    func run() async throws {
      try await target.apply(
        to: [.waiting],
        { "\(counted($0, "job")) \($0 == 1 ? "has" : "have") the priority \(priority) now." },
        refusal: "it does not wait",
        array: { try await $0.prioritize(array: $1, priority: priority) },
        jobs: { try await $0.prioritize($1, priority: priority) })
    }
  }

  struct SnoozeJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "snooze", abstract: "Let waiting jobs start later, or at once.",
      discussion: """
        They keep their place in the order. --delay 0s starts those at once that wait for their time \
        or for their next attempt.

        EXAMPLES:
          avu jobs snooze --delay 2h 4711
          avu jobs snooze --not-before 2026-12-01T22:00Z --collection archive --all
          avu jobs snooze --delay 0s --all
        """)

    @OptionGroup var wait: WaitOptions
    @OptionGroup var target: JobTarget

    func validate() throws {
      if wait.delay == nil && wait.notBefore == nil {
        throw ValidationError("Say for how long or until when: --delay or --not-before.")
      }
    }

    func run() async throws {
      try await target.apply(
        to: [.waiting], { "\(counted($0, "job")) \($0 == 1 ? "waits" : "wait") until then." },
        refusal: "it does not wait",
        array: { try await $0.postpone(array: $1, by: wait.duration($0)) },
        jobs: { try await $0.postpone($1, by: wait.duration($0)) })
    }
  }
}
