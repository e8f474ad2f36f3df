import ArgumentParser
import Foundation

/// The program: every command is a file of its own, in the folder of what it is for.
@main
struct AVU: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "avu",
    abstract: "Audio-visual understanding: for every second of a video, which region sounds, and "
      + "what it is doing.",
    discussion: """
      EXAMPLES:
        avu infer clip.mp4 --output results       one clip, no database
        avu submit videos/ --collection holiday   queue the work of a collection
        avu work                                  run the model on what is queued
        avu report build --output site            render the static site

      EXIT STATUS: 0 done; 1 a check failed or a service is down; 2 the input or the usage is \
      wrong; 3 finished, but some items failed; 130 interrupted.
      """,
    version: AVUVersion.text,
    subcommands: [
      InferCommand.self, SubmitCommand.self, WorkCommand.self, StatusCommand.self,
      JobsCommand.self, QueueCommand.self, EvaluateCommand.self, MetricsCommand.self,
      ReportCommand.self, DatasetCommand.self, ModelCommand.self, DatabaseCommand.self,
      DoctorCommand.self, ChildCommand.self,
    ])

  /// Parses and runs, and turns every error into one sentence and an exit status.
  static func main() async {
    do {
      try checkArguments(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      exit(reporting: error)
    }
  }

  /// Refuses what the parser would take for something else: a command that does not exist, and an empty
  /// argument, which would mean the current folder or the root of the file system.
  private static func checkArguments(_ arguments: ArraySlice<String>) throws {
    guard !arguments.contains(where: \.isEmpty) else { throw CommandError.emptyArgument }
    var commands = configuration.subcommands
    for name in arguments.drop(while: { $0 == "help" }) {
      if commands.isEmpty || name.hasPrefix("-") || name == "help" { return }
      guard let command = commands.first(where: { $0._commandName == name }) else {
        let shown = commands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        throw CommandError.notFound(what: "command", name: name.printable, known: shown)
      }
      commands = command.configuration.subcommands
    }
  }

  private static func exit(reporting error: any Error) -> Never {
    switch exitCode(for: error) {
    case .success:
      exit(withError: error)
    case .validationFailure:
      Console.error(fullMessage(for: error))
      Foundation.exit(ExitStatus.usage.rawValue)
    case _ where error is ExitCode:
      exit(withError: error)
    default:
      Console.error("avu: \(error)")
      Foundation.exit(ExitStatus(for: error).rawValue)
    }
  }
}

/// The version that reports and `--version` show.
enum AVUVersion {
  static let text = "0.1.0"
}
