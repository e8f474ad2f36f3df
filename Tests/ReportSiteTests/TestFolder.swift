import Annotations
import Foundation

@testable import ReportSite

/// A folder that is gone after the test, with a site in it.
final class TestFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/avu-site-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The project's folder.
  static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  var site: String { path + "/site" }

  var generator: SiteGenerator {
    SiteGenerator(
      templates: Self.project + "/templates", assets: Self.project + "/public", output: site)
  }

  /// Builds the site of some records.
  @discardableResult
  func build(
    _ reports: [ClipReport], summary: String? = nil, options: SiteOptions = SiteOptions()
  ) async throws -> String {
    try await generator.build(
      SampleRecords.snapshot(reports, summary: summary), source: SampleSource(reports),
      options: options
    ).index
  }

  /// Builds the site of some records in another form.
  @discardableResult
  func publish(
    _ reports: [ClipReport], _ profile: SitePublisher.Profile, to name: String = "site",
    host: HostLimits? = nil, clip: ClipID? = nil, snapshot: SiteSnapshot? = nil
  ) async throws -> String {
    let publisher = SitePublisher(
      templates: Self.project + "/templates", assets: Self.project + "/public",
      output: path + "/" + name, profile: profile, host: host, clip: clip)
    return try await publisher.publish(
      snapshot ?? SampleRecords.snapshot(reports), source: SampleSource(reports)
    ).index
  }

  /// A file of the site as text.
  func text(_ relative: String) throws -> String {
    try String(contentsOfFile: site + "/" + relative, encoding: .utf8)
  }

  /// All files of the site, by path, with their content.
  func files() throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: site)
    return paths.reduce(into: [:]) { files, path in
      files[path] = FileManager.default.contents(atPath: site + "/" + path)
    }
  }

  /// All pages of the site.
  func pages() throws -> [String: String] {
    try files().filter { $0.key.hasSuffix(".html") }
      .mapValues { String(decoding: $0, as: UTF8.self) }
  }
}
