import ArgumentParser
import Foundation
import Postgres
import ReportSite
import ResultStore
import Workers

/// The static site.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Render and serve the static site.",
    subcommands: [Build.self, Serve.self])

  /// How videos get into the site, as the option says it.
  enum Videos: String, ExpressibleByArgument, CaseIterable {
    case copy, link, omit

    var option: SiteOptions.Videos {
      switch self {
      case .copy: .copy
      case .link: .link
      case .omit: .omit
      }
    }
  }

  struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Build the site; open its index.html by double-click.",
      discussion: """
        The site needs no server and makes no network request. It takes the place of the old one \
        when it is complete; a failed build leaves the old site as it was.

        EXAMPLES:
          avu report build --output site
          avu report build --output site --collection holiday --videos link
          avu report build --output site --table ablation.json
        """)

    @Option(name: .shortAndLong, help: ArgumentHelp("The site's folder.", valueName: "dir"))
    var output: String

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Only this collection; may be repeated.", valueName: "name"))
    var collection: [String] = []

    @Option(
      help: ArgumentHelp("Only this model's results; else the latest.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("The heading of the site.", valueName: "text"))
    var title = "avu"

    @Option(help: "How videos get into the site: copy, link or omit.")
    var videos = Videos.copy

    @Flag(inversion: .prefixedNo, help: "Convert videos that no browser plays to H.264.")
    var convert = true

    @Option(help: ArgumentHelp("Most key frames on a clip's page.", valueName: "n"))
    var keyFrames = 6

    @Option(
      help: ArgumentHelp(
        "Also show this table of results (JSON); may be repeated.", valueName: "file"))
    var table: [String] = []

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func validate() throws {
      guard (0...100).contains(keyFrames) else {
        throw ValidationError("--key-frames must be from 0 to 100.")
      }
    }

    func run() async throws {
      let settings = try Settings.load()
      let library = ModelLibrary(directory: settings.models)
      let selection = SiteSelection(
        title: title, collections: collection,
        model: try model.map { try library.entry(named: $0).sha256 },
        models: try library.entries().map(\.sha256))
      let generator = SiteGenerator(
        templates: settings.share + "/templates", assets: settings.share + "/public",
        output: output)
      let options = SiteOptions(
        videos: videos.option, convertsVideos: convert, keyFrames: keyFrames)
      let installation = SiteInstallation(
        share: settings.share, library: library, tables: table)
      let (tables, models) = (try installation.resultTables(), try installation.models())
      let (index, clips) = try await DatabaseSession.with(settings) { session in
        try await build(with: generator, options, selection, session) { snapshot in
          snapshot.tables = tables
          snapshot.models = models
        }
      }
      if json {
        try Console.print(json: ["index": index, "clips": "\(clips)"])
      } else {
        Console.print("\(counted(clips, "clip")): \(index)")
      }
    }

    private func build(
      with generator: SiteGenerator, _ options: SiteOptions, _ selection: SiteSelection,
      _ session: DatabaseSession, _ add: (inout SiteSnapshot) -> Void
    ) async throws -> (index: String, clips: Int) {
      try await session.pool.withTransaction(.snapshot) { transaction in
        let records = try await SiteRecords(
          from: Results(on: transaction), queue: session.queue, selection: selection,
          software: "avu \(AVUVersion.text)")
        var snapshot = records.snapshot
        add(&snapshot)
        let line = SharedProgressLine("Building the site")
        let index = try await generator.build(
          snapshot, source: records, options: options
        ) { line.update(done: Double($0.clipsWritten), of: $0.clipsInAll) }
        line.end()
        return (index, records.snapshot.collections.reduce(0) { $0 + $1.clips.count })
      }
    }
  }
}
