public import Annotations
import Foundation

/// Builds a site in the form that its way to readers asks for.
public struct SitePublisher: Sendable {
  /// The form of a site.
  public enum Profile: String, Hashable, Sendable, CaseIterable {
    /// A folder for each clip; every page can be read without scripts.
    case full

    /// Few files: clips' pages and small pictures are packed into scripts.
    case packed

    /// One HTML file with everything inside.
    case singleFile = "single-file"
  }

  private let templates: String
  private let assets: String
  private let output: String
  private let profile: Profile
  private let host: HostLimits?
  private let clip: ClipID?

  /// Says where things are.
  ///
  /// - Parameters:
  ///   - templates: The folder with the `*.mustache` files.
  ///   - assets: The folder with the style sheets and scripts.
  ///   - output: The site's folder, or the file of the profile ``Profile/singleFile``.
  ///   - profile: The site's form.
  ///   - host: Whose limits the site has to keep; a site that does not is not put in place.
  ///   - clip: The only clip of a single file; nil for all pages.
  public init(
    templates: String, assets: String, output: String, profile: Profile = .full,
    host: HostLimits? = nil, clip: ClipID? = nil
  ) {
    self.templates = templates
    self.assets = assets
    self.output = URL(fileURLWithPath: output).standardizedFileURL.path
    self.profile = profile
    self.host = host
    self.clip = clip
  }

  /// Builds the site and puts it in place of the old one.
  ///
  /// For ``Profile/packed`` the pages are kept beside it in a hidden folder, `.NAME.pages`, so that
  /// the next build makes only those anew that have changed.
  ///
  /// - Parameters:
  ///   - snapshot: What the site shows.
  ///   - source: Where the records of its clips come from.
  ///   - options: What a build may leave open.
  ///   - progress: Called after each clip.
  /// - Returns: Where the site is, and its size.
  /// - Throws: ``SiteError``, or what `source` throws; the old site then stays as it was.
  public func publish(
    _ snapshot: SiteSnapshot, source: any ClipReportSource, options: SiteOptions = SiteOptions(),
    progress: (@Sendable (SiteProgress) -> Void)? = nil
  ) async throws -> BuiltSite {
    try check(estimate(snapshot, options: options))
    guard profile != .full else {
      return try await generator(output).build(
        snapshot, source: source, options: options, progress: progress, check: check)
    }
    var options = options
    if profile == .singleFile {
      try requireReplaceable()
      options.keepsReplacedFrom = .max
    }
    let url = URL(fileURLWithPath: output)
    let pages = "\(url.deletingLastPathComponent().path)/.\(url.lastPathComponent).pages"
    _ = try await generator(pages).build(
      snapshot, source: source, options: options, progress: progress)
    if profile == .packed { return try await pack(pages, snapshot, jobs: options.jobs) }
    defer { try? FileManager.default.removeItem(atPath: pages) }
    try writeFile(pages, snapshot)
    return BuiltSite(index: output, size: SiteSize(ofFile: output))
  }

  private func generator(_ output: String) -> SiteGenerator {
    SiteGenerator(templates: templates, assets: assets, output: output)
  }

  /// About how large the site will be; nothing is read or written for it.
  public func estimate(_ snapshot: SiteSnapshot, options: SiteOptions) -> SiteEstimate {
    SiteEstimate(of: snapshot, options: options, profile: profile)
  }

  /// Says at once what would only be known after an hour.
  private func check(_ estimate: SiteEstimate) throws(SiteError) {
    if profile == .singleFile, estimate.least.bytes > SingleFile.mostBytes {
      throw .tooLarge(bytes: estimate.least.bytes, most: SingleFile.mostBytes)
    }
    guard let host else { return }
    let problems = host.problems(of: estimate.least, has: "would have at least")
    if !problems.isEmpty { throw .tooMuch(host: host.title, reasons: problems) }
  }

  private func check(_ size: SiteSize) throws(SiteError) {
    guard let host else { return }
    let problems = host.problems(of: size)
    if !problems.isEmpty { throw .tooMuch(host: host.title, reasons: problems) }
  }

  // MARK: Packed

  private func pack(
    _ pages: String, _ snapshot: SiteSnapshot, jobs: Int
  ) async throws -> BuiltSite {
    let folder = try SiteFolder(for: output, resumes: false)
    do {
      let packer = SitePacker(
        site: pages, folder: folder, templates: try PageTemplates(folder: templates),
        frames: PageFrames(snapshot, try SiteAssets(folder: assets)), jobs: jobs)
      try await packer.run()
      let size = SiteSize(of: folder.path)
      try check(size)
      try folder.commit()
      return BuiltSite(index: output + "/index.html", size: size)
    } catch {
      folder.discard()
      throw error
    }
  }

  // MARK: Single file

  private func writeFile(_ site: String, _ snapshot: SiteSnapshot) throws {
    let listing = SiteListing(site)
    let all = Set(listing.others.filter { $0.hasSuffix(".html") } + listing.clips)
    let file = SingleFile(
      site: site, templates: try PageTemplates(folder: templates),
      assets: try SiteAssets(folder: assets),
      start: clip == nil ? start(snapshot, listing) : listing.clips.first ?? "index.html",
      pages: clip == nil ? all : Set(listing.clips.prefix(1) + ["methods.html"]))
    try SiteFile.writeWhole(try file.content(), to: output)
  }

  /// A site of one collection begins with that.
  private func start(_ snapshot: SiteSnapshot, _ listing: SiteListing) -> String {
    guard snapshot.collections.count == 1, let clip = listing.clips.first else {
      return "index.html"
    }
    return clip.split(separator: "/").prefix(2).joined(separator: "/") + "/index.html"
  }

  private func requireReplaceable() throws(SiteError) {
    guard FileManager.default.fileExists(atPath: output) else { return }
    let content = (try? SiteFile.read(output)).map {
      String(decoding: $0.prefix(2000), as: UTF8.self)
    }
    guard content?.contains(SingleFile.mark) == true else { throw .notASite(path: output) }
  }
}
