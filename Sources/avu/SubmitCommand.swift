import Annotations
import ArgumentParser
import Foundation
import Jobs
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

      A list of videos is JSON Lines ({"video": "a.mp4", "id": "first"}) or CSV with a header line \
      (video,id). Its videos are paths from the list's folder or http(s) addresses; "id" may be \
      left out. Files on the web are downloaded once to be known by their content, and again by \
      the worker that analyses them; nothing of them is kept.

      Videos that have a prediction of the model already are left out. A model that is asked for \
      other sentences (--beam 4) is another model for this, called avuformer-lite+beam4 everywhere: \
      in --model, in experiments and on the site, which compares the two.

      EXAMPLES:
        avu submit videos/ --collection holiday
        avu submit list.csv https://example.org/concert.mp4 --collection holiday
        avu submit dataset/ --collection test-set --truth dataset/
        avu submit urgent.mp4 --collection holiday --priority 10
        avu submit archive/ --collection archive --not-before 2026-12-01T22:00Z --priority -1
        avu submit dataset/ --collection test-set --beam 4
        avu submit archive/ --collection archive --array
        avu submit dataset/ --collection test-set --truth dataset/ --evaluate
        avu submit videos/ --collection holiday --again
        avu submit videos/ --collection holiday --report holiday-site
        avu submit a.mp4 b.mkv --collection holiday --json
      """)

  @Argument(
    help: ArgumentHelp(
      "Video files, folders, http(s) addresses, and lists (.jsonl, .csv).", valueName: "path"))
  var paths: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The collection.", valueName: "name"))
  var collection: String

  @Option(help: ArgumentHelp("A data set with ground truth of these clips.", valueName: "dir"))
  var truth: String?

  @Option(help: ArgumentHelp("The model to run.", valueName: "name"))
  var model: String?

  @OptionGroup var choice: ModelChoice

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Jobs of a high priority are started first.", valueName: "n"))
  var priority = 0

  @OptionGroup var wait: WaitOptions

  @Flag(
    help: ArgumentHelp(
      "Queue scoring together with the model's work, each clip's behind its own.",
      discussion: """
        Without it scoring is queued when a prediction is there. With it avu status counts both from \
        the beginning; the scoring of a clip that fails is called off with it, and waits again when the \
        clip is retried.
        """))
  var evaluate = false

  @Flag(
    help: ArgumentHelp(
      "Queue all clips as one array: a row of the queue instead of one for each.",
      discussion: """
        For large collections. Clips become jobs when it is their turn, a thousand at a time; avu jobs \
        arrays shows how far they are.
        """))
  var array = false

  @Option(
    help: ArgumentHelp(
      "Have this site built by a worker with --sites when all of the collection has ended.",
      valueName: "name"))
  var report: String?

  @Flag(help: "Queue once more what failed, was quarantined or called off of these clips.")
  var again = false

  @Flag(help: "Print a JSON document instead of text.")
  var json = false

  func validate() throws {
    if let report { try SiteJob.check(report, "--report") }
    guard Int32(exactly: priority) ?? .min > .min else {
      throw ValidationError("--priority must be from -2147483647 to 2147483647.")
    }
    guard !collection.isEmpty, collection.utf8.count <= 200, collection.printable == collection
    else {
      throw ValidationError("--collection must be 1 to 200 characters without control characters.")
    }
  }

  func run() async throws {
    let settings = try Settings.load()
    let entry = try choice.entry(named: model ?? settings.model, settings)
    let discovery = try VideoDiscovery(RawArguments.bytes(of: paths))
    let found = discovery.found
    let truths = try truth.map { try SubmittedTruth(folder: $0, for: Set(found.map(\.clip))) }
    let (videos, unreadable) = await read(found)
    let (outcome, ended) = try await DatabaseSession.with(settings) { session in
      let queue = session.queue
      let submission = Submission(
        pool: session.pool, enqueue: { try await queue.enqueue($0, in: $1) },
        enqueueArray: { try await queue.enqueue($0, after: $1, in: $2) })
      let known = Set(videos.map(\.found.clip))
      var terms = Submission.Terms(priority: priority, delay: try await wait.duration(queue))
      (terms.evaluates, terms.isArray) = (evaluate, array)
      var outcome = try await submission.submit(
        videos, truths: truths?.truths.filter { known.contains($0.id) } ?? [], to: collection,
        model: entry, terms: terms)
      if again { outcome.again = try await submission.retry(videos, entry, collection, queue) }
      if let report {
        try await SiteJob.queue(
          SiteJob.job(report, collections: [collection]), whenEnded: collection, session)
      }
      let ended = JobFilter(states: [.failed, .quarantined, .cancelled], group: collection)
      return (outcome, try await session.queue.list(ended, limit: 1, offset: 0).total)
    }
    let conflicts = outcome.registration.conflicts
    let summary = SubmissionSummary(
      collection: collection, clips: videos.count - conflicts.count,
      newClips: outcome.registration.newClips,
      newVideos: outcome.registration.newVideos, inferenceJobs: outcome.inferenceJobs,
      predicted: outcome.predicted,
      evaluationJobs: outcome.evaluationJobs, arrays: outcome.arrays, again: outcome.again,
      truths: truths?.truths.count ?? 0,
      truthsWithoutVideo: truths?.withoutVideo ?? [], endedJobs: ended,
      problems: discovery.problems.map(\.description) + unreadable + (truths?.problems ?? [])
        + conflicts.map {
          "\($0.second) was left out: this collection's clip “\($0.clip)” is another video, "
            + "\($0.first). Give it an id of its own in a list, or another collection."
        })
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
  /// Videos that have a prediction already.
  let predicted: Int
  let evaluationJobs: Int
  /// The numbers of arrays that jobs were queued as.
  let arrays: [Int64]
  /// Jobs that had ended without a result, and were queued again.
  let again: Int
  let truths: Int
  let truthsWithoutVideo: [String]
  /// Jobs of the collection that ended without a result, now or earlier.
  let endedJobs: Int
  let problems: [String]

  func print(json: Bool) throws {
    if json { try Console.print(json: self) } else { printText() }
    if clips == 0 { throw ExitStatus.usage.exitCode }
    if !problems.isEmpty || hasUselessTruth { throw ExitStatus.partial.exitCode }
  }

  /// Ground truth was given, and none of it belongs to a submitted clip.
  private var hasUselessTruth: Bool { truths == 0 && !truthsWithoutVideo.isEmpty }

  private func printText() {
    Console.print(
      "\(collection): \(counted(clips, "clip")), \(newClips) new; \(inferenceJobs) queued for the model"
        + (predicted > 0 ? ", \(predicted) predicted already" : "")
        + (evaluationJobs > 0 ? ", \(evaluationJobs) for scoring" : "")
        + (again > 0 ? ", \(again) again" : "")
        + (truths > 0 ? "; ground truth of \(truths)" : "") + ".")
    if !arrays.isEmpty {
      let numbers = arrays.map(String.init).joined(separator: ", ")
      Console.print("Queued as \(arrays.count == 1 ? "array" : "arrays") \(numbers).")
    }
    if endedJobs > 0 {
      Console.print(
        "\(counted(endedJobs, "job")) of this collection ended without a result before; "
          + "avu jobs list --state failed says why; avu submit --again and avu jobs retry queue them "
          + "again.")
    }
    for problem in problems { Console.error("avu: \(problem.printable)") }
    if !truthsWithoutVideo.isEmpty {
      let names = truthsWithoutVideo.prefix(10).map(\.printable).joined(separator: ", ")
      let rest = truthsWithoutVideo.count > 10 ? " and \(truthsWithoutVideo.count - 10) more" : ""
      Console.error("avu: ground truth without a submitted video: \(names)\(rest).")
    }
  }

  private enum CodingKeys: String, CodingKey {
    case collection, clips, predicted, arrays, again, truths, problems
    case endedJobs = "ended_jobs"
    case newClips = "new_clips"
    case newVideos = "new_videos"
    case inferenceJobs = "inference_jobs"
    case evaluationJobs = "evaluation_jobs"
    case truthsWithoutVideo = "truths_without_video"
  }
}
