import Annotations
public import ArgumentParser
import Foundation
import Media
import Postgres
import ReportSite
import ResultStore
import Workers

/// The static site.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Render and serve the static site.",
    discussion: """
      EXAMPLES:
        avu report build --output site
        avu report build --output one.html --profile single-file --collection holiday --clip beach
        avu report serve site
        avu report queue holiday --collection holiday
      """,
    subcommands: [Build.self, Queue.self, Serve.self])

  struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Build the site; open its index.html by double-click.",
      discussion: """
        The site needs no server and makes no network request. It takes the place of the old one \
        when it is complete; a failed build leaves the old site as it was. From 5,000 clips on, the \
        site that was replaced stays in the hidden folder .NAME.building beside it, as links to the \
        same files: the next build begins there. It may be removed.

        EXAMPLES:
          avu report build --output site
          avu report build --output site --collection holiday --media link
          avu report build --output site --table ablation.json --dump
          avu report build --output site --profile packed --estimate
          avu report build --output site --profile packed --host cloudflare-pages
          avu report build --output one.html --profile single-file --collection demo --clip violin

        PROFILES:
          full         a folder for each clip; every page can be read without scripts
          packed       few files: pages of clips are compressed and packed together, and need scripts \
        (browsers since 2023); what has not changed is kept for the next build in the hidden folder \
        .NAME.pages beside the site
          single-file  one HTML file with everything inside, to send to somebody

        MEDIA:
          copy         a copy of each video, so that the site can be moved
          link         a hard link, which takes no space; across file systems a symbolic link
          transcode    a version in --video-format of each video, for slow lines and small hosts
          none         no videos, only key frames
          A video that no browser plays is converted whatever is chosen, unless --no-convert.
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

    @Option(help: "The site's form: full, packed or single-file.")
    var profile = SitePublisher.Profile.full

    @Option(
      help: ArgumentHelp(
        "Keep within the limits of this host, or leave the old site: "
          + HostLimits.all.map(\.name).joined(separator: ", ") + ".", valueName: "name"))
    var host: String?

    @Option(help: ArgumentHelp("The only clip of a single file.", valueName: "id"))
    var clip: String?

    @Option(help: "How videos get into the site: copy, link, transcode or none.")
    var media = SiteOptions.Media.copy

    @Option(help: "What videos are converted to: h264 (MP4) or vp9 (WebM).")
    var videoFormat = WebVideo.Format.h264

    @Flag(inversion: .prefixedNo, help: "Convert videos that no browser plays.")
    var convert = true

    @Option(help: ArgumentHelp("Most key frames on a clip's page.", valueName: "n"))
    var keyFrames = 6

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Clips worked on at a time; else one for each core.", valueName: "n"))
    var jobs: Int?

    @Option(
      help: ArgumentHelp(
        "Also show this table of results (JSON); may be repeated.", valueName: "file"))
    var table: [String] = []

    @Flag(
      help: "Offer everything of each collection as files: records as JSON Lines, figures as CSV.")
    var dump = false

    @Flag(help: "Only say about how large the site would be, and which hosts would take it.")
    var estimate = false

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func validate() throws {
      guard (0...100).contains(keyFrames) else {
        throw ValidationError("--key-frames must be from 0 to 100.")
      }
      guard jobs.map({ (1...1024).contains($0) }) ?? true else {
        throw ValidationError("--jobs must be from 1 to 1024.")
      }
      guard clip == nil || profile == .singleFile else {
        throw ValidationError("--clip is for --profile single-file.")
      }
      guard !dump || profile != .singleFile else {
        throw ValidationError("--dump is for sites of several files, not for a single one.")
      }
      guard profile != .singleFile || output.hasSuffix(".html") else {
        throw ValidationError("--profile single-file makes one file: --output must end in .html.")
      }
    }

    func run() async throws {
      let settings = try Settings.load()
      let library = ModelLibrary(directory: settings.models)
      let selection = SiteSelection(
        title: title, collections: collection,
        model: try model.map { try library.entry(named: $0).sha256 },
        models: try library.entries().map(\.sha256))
      let clip = try clip.map { try ClipID($0) }
      let publisher = SitePublisher(
        templates: settings.share + "/templates", assets: settings.share + "/public",
        output: output, profile: profile, host: try host.map(Self.limits), clip: clip)
      var options = SiteOptions(
        media: media, format: videoFormat, convertsVideos: convert, keyFrames: keyFrames)
      options.dumps = dump
      if let jobs { options.jobs = jobs }
      let installation = SiteInstallation(
        share: settings.share, library: library, tables: table)
      let (tables, models) = (try installation.resultTables(), try installation.models())
      let outcome = try await DatabaseSession.with(settings) { session in
        try await build(with: publisher, options, selection, session) { snapshot in
          snapshot.tables = tables
          snapshot.commit = SourceVersion.commit(of: settings.share)
          snapshot.models = models
          if let clip { try Self.keepOnly(clip, in: &snapshot) }
        }
      }
      switch outcome {
      case .estimated(let size, let clips):
        if json {
          try Console.print(json: BuildDocument(clips: clips, size: size))
        } else {
          Console.print("\(counted(clips, "clip")): about \(size.words(has: Self.expected))")
        }
      case .built(let site, let clips):
        if json {
          try Console.print(json: BuildDocument(index: site.index, clips: clips, size: site.size))
        } else {
          Console.print("\(counted(clips, "clip")): \(site.index)")
          Console.print(site.size.words())
        }
      }
    }

    /// What a run comes to.
    private enum Outcome {
      case estimated(SiteSize, clips: Int)
      case built(BuiltSite, clips: Int)
    }

    /// What is said of a site that is not there yet.
    private static let expected = "would have about"

    private static func limits(of host: String) throws -> HostLimits {
      guard let limits = HostLimits.all.first(where: { $0.name == host }) else {
        throw CommandError.notFound(what: "host", name: host, known: HostLimits.all.map(\.name))
      }
      return limits
    }

    /// Leaves only one clip in a snapshot.
    private static func keepOnly(_ clip: ClipID, in snapshot: inout SiteSnapshot) throws {
      let holders = snapshot.collections.filter { $0.clips.contains(clip) }
      guard var collection = holders.first, holders.count == 1 else {
        throw holders.isEmpty
          ? CommandError.notFound(what: "clip", name: clip.text, known: Self.some(of: snapshot))
          : CommandError.option(
            name: "--clip",
            reason: "\(clip.text) is in several collections; name one by --collection")
      }
      collection.clips = [clip]
      collection.inputs = nil
      collection.videos = nil
      snapshot.collections = [collection]
    }

    /// The names of the first clips, and how many others there are.
    private static func some(of snapshot: SiteSnapshot) -> [String] {
      let names = snapshot.collections.flatMap(\.clips).map(\.text)
      return names.prefix(12) + (names.count > 12 ? ["and \(names.count - 12) more"] : [])
    }

    private func build(
      with publisher: SitePublisher, _ options: SiteOptions, _ selection: SiteSelection,
      _ session: DatabaseSession, _ add: (inout SiteSnapshot) throws -> Void
    ) async throws -> Outcome {
      try await session.pool.withTransaction(.snapshot) { transaction in
        let records = try await SiteRecords(
          from: Results(on: transaction), queue: session.queue, selection: selection,
          software: "avu \(AVUVersion.text)")
        var snapshot = records.snapshot
        try add(&snapshot)
        let clips = snapshot.collections.reduce(0) { $0 + $1.clips.count }
        let size = publisher.estimate(snapshot, options: options).likely
        if estimate { return .estimated(size, clips: clips) }
        if HostLimits.all.contains(where: { !$0.problems(of: size).isEmpty }) {
          Console.error("It will have about \(size.words(has: Self.expected))")
        }
        let line = SharedProgressLine("Building the site")
        let site = try await publisher.publish(
          snapshot, source: records, options: options
        ) { line.update(done: Double($0.clipsWritten), of: $0.clipsInAll) }
        line.end()
        return .built(site, clips: clips)
      }
    }
  }
}

/// What `avu report build --json` prints; of an estimate there is no index.
private struct BuildDocument: Encodable {
  let index: String?
  let clips: Int
  let files: Int
  let bytes: Int
  let largest: String
  let largestBytes: Int
  /// What of the site each host does not take.
  let hosts: [String: [String]]

  init(index: String? = nil, clips: Int, size: SiteSize) {
    self.index = index
    self.clips = clips
    files = size.files
    bytes = size.bytes
    largest = size.largest
    largestBytes = size.largestBytes
    hosts = Dictionary(
      uniqueKeysWithValues: HostLimits.all.map { ($0.name, $0.problems(of: size)) })
  }

  private enum CodingKeys: String, CodingKey {
    case index, clips, files, bytes, largest, hosts
    case largestBytes = "largest_bytes"
  }
}

extension SiteSize {
  /// The size, and who does not take it.
  fileprivate func words(has: String = "has") -> String {
    let refusing = HostLimits.all.compactMap { host in
      host.problems(of: self, has: has).first.map { "\(host.title) does not take it (\($0))" }
    }
    return ([summary] + refusing).joined(separator: "; ") + "."
  }
}

extension SitePublisher.Profile: ExpressibleByArgument {}

extension SiteOptions.Media: ExpressibleByArgument {}

extension WebVideo.Format: ExpressibleByArgument {}
