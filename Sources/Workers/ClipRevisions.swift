import Annotations
import Evaluation
import Foundation
import Jobs
import Media
import ReportSite
import ResultStore

/// The clips of a collection with what their pages were last made from, as far as a site must know
/// to leave a page as it is.
struct ClipRevisions {
  private(set) var summaries: [ClipSummary] = []
  private var stored: [(job: Int64?, revision: String)] = []

  /// Clips whose jobs are looked up together.
  private static let page = 1000

  /// Reads what is stored of each clip.
  ///
  /// - Parameters:
  ///   - collection: The collection's name.
  ///   - model: SHA-256 of the weights whose results are shown; nil for the latest.
  ///   - results: The database.
  /// - Throws: Errors of the database.
  init(of collection: String, model: String?, _ results: Results) async throws {
    while true {
      let page = try await results.revisions(
        in: collection, after: summaries.last?.id, limit: Self.page, model: model)
      if page.isEmpty { return }
      summaries += page.map(\.clip)
      stored += page.map { ($0.job, $0.revision) }
    }
  }

  /// The videos that are files on this machine, those with the same content counted once.
  var videos: SiteSize {
    var seen: Set<UInt64?> = []
    var (bytes, largest) = (0, 0)
    for clip in summaries where !Self.file(clip.location).isEmpty {
      guard seen.insert(UInt64(clip.sha256.prefix(16), radix: 16)).inserted else { continue }
      bytes += Int(clip.bytes)
      largest = max(largest, Int(clip.bytes))
    }
    return SiteSize(
      files: seen.count, bytes: bytes, largest: "the largest video", largestBytes: largest)
  }

  /// A text for each clip that changes when something does that its page shows, figures apart.
  ///
  /// - Parameters:
  ///   - models: SHA-256 of the weights that jobs may have been queued for.
  ///   - queue: The jobs that clips' pages show.
  /// - Returns: The texts in the order of ``summaries``.
  /// - Throws: Errors of the database.
  func inputs(models: [String], _ queue: any JobQueue) async throws -> [String] {
    var inputs: [String] = []
    for first in stride(from: 0, to: summaries.count, by: Self.page) {
      let page = first..<min(summaries.count, first + Self.page)
      let jobs = try await InferenceJobs(
        of: page.map { summaries[$0] }.filter { !$0.hasPrediction }, models: models, in: queue)
      let known = page.compactMap { stored[$0].job }
      let shown = try await queue.list(JobFilter(ids: known), limit: known.count, offset: 0).jobs
      let byID = Dictionary(shown.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      for index in page {
        let clip = summaries[index]
        let job = stored[index].job.map { byID[$0] } ?? jobs.latest(of: clip)
        inputs.append(
          Self.digest(
            clip.id.text, clip.sha256, clip.location, stored[index].revision,
            Self.file(clip.location), Self.job(job)))
      }
    }
    return inputs
  }

  /// The same with the clips' figures, of all runs; they may change with other clips.
  ///
  /// - Parameters:
  ///   - clips: The clips.
  ///   - inputs: What ``inputs(models:_:)`` says of each.
  ///   - figures: The clips' figures, of one run after the other.
  /// - Returns: The texts in the same order.
  static func revisions(
    of clips: [ClipID], _ inputs: [String], figures: [ClipMetrics]
  ) -> [String] {
    var readers = figures.map(\.fingerprints)
    return zip(clips, inputs).map { clip, inputs in
      let figures = readers.indices.map { readers[$0].text(of: clip.text) }
      return digest(inputs, figures.joined(separator: "\n"))
    }
  }

  /// A hash of texts.
  static func digest(_ parts: String...) -> String {
    let text = parts.joined(separator: "\n")
    return String(ContentHash.sha256(of: Array(text.utf8)).prefix(32))
  }

  /// What tells one content of a file from another without reading it.
  private static func file(_ location: String) -> String {
    guard let path = MediaLocation(text: location)?.path else { return "" }
    var status = stat()
    let isThere = (path.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer {
      $0.baseAddress.map { stat($0, &status) == 0 } ?? false
    }
    return isThere ? "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)" : ""
  }

  private static func job(_ job: Jobs.JobRecord?) -> String {
    guard let job else { return "" }
    // Done again, a job has ended at another time.
    let ended = job.finishedAt?.timeIntervalSinceReferenceDate ?? 0
    return "\(job.id) \(job.state) \(job.attempts) \(ended) \(job.failure?.message ?? "")"
  }
}
