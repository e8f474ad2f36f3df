import ArgumentParser

/// Measures avu beside what a user would otherwise pick. Not installed: it needs the checkout.
@main
struct AVUBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "avu-bench", abstract: "Measure avu beside other programs.",
    subcommands: [
      InferenceCommand.self, MediaCommand.self, CaptionCommand.self, QueueCommand.self,
      SiteCommand.self, SitePagesCommand.self, SiteDatabaseCommand.self, ExtractCommand.self,
    ])
}
