import Annotations
import ArgumentParser
import Foundation
import JobsPostgres
import ResultStore
import Workers

/// Registers videos and queues their work.
struct SubmitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Register videos in a collection and queue their work.",
    discussion: """
      Videos are known by their content: submitting the same again, under whatever name, queues \
      nothing twice. Where a folder holds clip folders (<clip-id>/video.mp4), the clip's id is the \
      folder's name, else it is the file's name without its extension.

      EXAMPLES:
        avu submit videos/ --collection holiday
        avu submit dataset/ --collection test-set --truth dataset/
        avu submit a.mp4 b.mkv --collection holiday --json
      """)

  @Argument(help: ArgumentHelp("Video files and folders.", valueName: "path"))
  var paths: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The collection.", valueName: "name"))
  var collection: String

  @Option(help: ArgumentHelp("A data set with ground truth of these clips.", valueName: "dir"))
  var truth: String?

  @Option(help: ArgumentHelp("The model to run.", valueName: "name"))
  var model: String?

  @Flag(help: "Print a JSON document instead of text.")
  var json = false

  func validate() throws {
    guard !collection.isEmpty, collection.utf8.count <= 200, collection.printable == collection
    else {
      throw ValidationError("--collection must be 1 to 200 characters without control characters.")
    }
    if let url = paths.first(where: { $0.hasPrefix("http://") || $0.hasPrefix("https://") }) {
      throw ValidationError("\(url.printable) is a URL; download the video and submit the file.")
    }
  }

  func run() async throws {
    let settings = try Settings.load()
    let entry = try ModelLibrary(directory: settings.models).entry(named: model ?? settings.model)
    let found = try VideoDiscovery.find(in: RawArguments.bytes(of: paths))
    let truths = try truth.map { try SubmittedTruth(folder: $0, for: Set(found.map(\.clip))) }
    let (videos, unreadable) = await read(found)
    let outcome = try await DatabaseSession.with(settings) { session in
      let submission = Submission(pool: session.pool) { jobs, transaction in
        try await session.queue.enqueue(jobs, in: transaction)
      }
      let known = Set(videos.map(\.found.clip))
      return try await submission.submit(
        videos, truths: truths?.truths.filter { known.contains($0.id) } ?? [], to: collection,
        model: entry)
    }
    let summary = SubmissionSummary(
      collection: collection, clips: videos.count, newClips: outcome.registration.newClips,
      newVideos: outcome.registration.newVideos, inferenceJobs: outcome.inferenceJobs,
      evaluationJobs: outcome.evaluationJobs, truths: truths?.truths.count ?? 0,
      truthsWithoutVideo: truths?.withoutVideo ?? [],
      problems: unreadable + (truths?.problems ?? []))
    try summary.print(json: json)
  }

  /// Hashes the files; what cannot be read is listed and left out.
  private func read(
    _ found: [VideoDiscovery.Found]
  ) async -> (videos: [Submission.Video], unreadable: [String]) {
    let line = SharedProgressLine("Reading videos")
    let digests = await FileHashing.digests(of: found.map(\.location)) {
      line.update(done: Double($0), of: found.count)
    }
    line.end()
    var videos: [Submission.Video] = []
    var unreadable: [String] = []
    for (found, digest) in zip(found, digests) {
      switch digest {
      case .success(let digest): videos.append(Submission.Video(found: found, digest: digest))
      case .failure(let error): unreadable.append("\(error)")
      }
    }
    return (videos, unreadable)
  }
}

/// What a submission did.
private struct SubmissionSummary: Encodable {
  let collection: String
  let clips: Int
  let newClips: Int
  let newVideos: Int
  let inferenceJobs: Int
  let evaluationJobs: Int
  let truths: Int
  let truthsWithoutVideo: [String]
  let problems: [String]

  func print(json: Bool) throws {
    if json { try Console.print(json: self) } else { printText() }
    if !problems.isEmpty { throw (clips == 0 ? ExitStatus.usage : .partial).exitCode }
  }

  private func printText() {
    Console.print(
      "\(collection): \(clips) clips, \(newClips) new; \(inferenceJobs) queued for the model"
        + (evaluationJobs > 0 ? ", \(evaluationJobs) for scoring" : "")
        + (truths > 0 ? "; ground truth of \(truths)" : "") + ".")
    if inferenceJobs + evaluationJobs > 0 { Console.print("Next: avu work --drain") }
    for problem in problems { Console.error("avu: \(problem.printable)") }
    if !truthsWithoutVideo.isEmpty {
      let names = truthsWithoutVideo.prefix(10).map(\.printable).joined(separator: ", ")
      let rest = truthsWithoutVideo.count > 10 ? " and \(truthsWithoutVideo.count - 10) more" : ""
      Console.error("avu: ground truth without a submitted video: \(names)\(rest).")
    }
  }

  private enum CodingKeys: String, CodingKey {
    case collection, clips, truths, problems
    case newClips = "new_clips"
    case newVideos = "new_videos"
    case inferenceJobs = "inference_jobs"
    case evaluationJobs = "evaluation_jobs"
    case truthsWithoutVideo = "truths_without_video"
  }
}
