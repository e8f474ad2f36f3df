import Annotations
import Evaluation
import Experiments
import Foundation

@testable import ReportSite

/// Made-up records for sites, held in memory.
struct SampleSource: ClipReportSource {
  struct Unknown: Error {}

  var reports: [String: ClipReport]

  init(_ reports: [ClipReport]) {
    self.reports = Dictionary(
      uniqueKeysWithValues: reports.map { ($0.collection + "/" + $0.id.text, $0) })
  }

  func reports(of clips: [ClipID], in collection: String) async throws -> [ClipReport] {
    try clips.map { clip in
      guard let report = reports[collection + "/" + clip.text] else { throw Unknown() }
      return report
    }
  }
}

enum SampleRecords {
  static let takenAt = Date(timeIntervalSince1970: 1_790_000_000)
  static let width = 160
  static let height = 96

  /// A mask with one filled rectangle.
  static func box(_ left: Int, _ top: Int, _ side: Int) -> RunLengthMask {
    var mask = BinaryMask(emptyOfWidth: width, height: height)
    for y in top..<min(height, top + side) {
      for x in left..<min(width, left + side) { mask[x, y] = true }
    }
    return RunLengthMask(mask)
  }

  static let empty = RunLengthMask(BinaryMask(emptyOfWidth: width, height: height))

  /// Four seconds: silent, sounding, sounding, silent.
  static func prediction(_ id: ClipID, sentence: String = "a red ball bounces") -> Prediction {
    let frames = (0..<4).map { index in
      let sounds = index == 1 || index == 2
      var frame = Prediction.Frame(
        index: index, time: Double(index) + 0.5, sounding: sounds, score: sounds ? 0.93 : 0.08,
        mask: sounds ? box(30 + 10 * index, 20, 40) : empty, caption: sounds ? sentence : "",
        category: sounds ? "ball" : nil,
        objects: sounds
          ? [.init(category: "ball", score: 0.9, mask: box(30 + 10 * index, 20, 40))] : [])
      frame.certainty = CoarseMap(width: width / 4, height: height / 4) { x, y in
        sounds && (x - 12) * (x - 12) + (y - 10) * (y - 10) < 40 ? 0.9 : 0.05
      }
      frame.attention = CoarseMap(width: 10, height: 6) { x, y in x == 4 && y == 2 ? 1 : 0.2 }
      return frame
    }
    var prediction = Prediction(
      clip: .init(
        id: id, sha256: String(repeating: "0", count: 64), duration: 4, fps: 10, width: width,
        height: height),
      model: .init(
        name: "avuformer-lite", sha256: String(repeating: "ab", count: 32), task: "ssu"),
      frames: frames, timings: .init(decodeSeconds: 0.2, modelSeconds: 1.5, totalSeconds: 1.8))
    prediction.run = .init(software: "avu 0.1.0, checkout at abc1234", frameRate: 1, threads: 2)
    return prediction
  }

  static func truth(_ id: ClipID) -> ClipTruth {
    ClipTruth(
      id: id, source: "made up", category: "ball", frameTimes: [0.5, 1.5, 2.5, 3.5],
      sounding: [false, true, true, false],
      captions: [[], ["a ball hits the floor"], ["a ball hits the floor", "a red ball"], []],
      masks: [empty, box(45, 25, 40), box(45, 25, 40), empty], notes: "The ball is red.")
  }

  static func score(_ id: ClipID) -> ClipScore {
    let values: [Double] = [1, 0.62, 0.71, 1]
    return ClipScore(
      clip: id.text, category: "ball",
      frames: values.enumerated().map { index, iou in
        let sounds = index == 1 || index == 2
        return FrameScore(
          time: Double(index) + 0.5, iou: iou, fScore: sounds ? iou + 0.1 : nil,
          truthSounding: sounds, predictedSounding: sounds,
          references: sounds ? ["a ball hits the floor"] : [],
          hypothesis: sounds ? "a red ball bounces" : "")
      })
  }

  /// What another model says of the same clip: less, at another place.
  static func otherRun(_ id: ClipID) -> ClipReport.Run {
    var prediction = prediction(id, sentence: "a blue ball rolls")
    prediction.model = .init(name: "other", sha256: String(repeating: "cd", count: 32), task: "ssu")
    prediction.frames[1].mask = box(60, 40, 20)
    var score = score(id)
    score.frames[1].iou = 0.3
    return ClipReport.Run(prediction: prediction, score: score, metrics: metrics(0.7))
  }

  static func metrics(_ overlap: Double = 0.83, clips: Int = 1) -> MetricSet {
    MetricSet(
      counts: MetricCounts(clips: clips, frames: 4 * clips, captions: 2 * clips),
      values: [
        "mIoU": MetricValue(overlap, ci95: clips > 1 ? [overlap - 0.1, overlap + 0.08] : nil),
        "mIoU-sounding": MetricValue(0.665), "F-score": MetricValue(0.79, ci95: [0.7, 0.86]),
        "DAVIS-J&F": MetricValue(0.58), "presence": MetricValue(0.95), "BLEU-1": MetricValue(0.5),
        "BLEU-4": MetricValue(0.21),
        "ROUGE-L": MetricValue(0.44), "METEOR-exact-stem-synonym": MetricValue(0.31),
        "CIDEr": MetricValue(1.27),
      ])
  }

  static func report(_ clips: [String]) -> MetricReport {
    MetricReport(
      signature: ["masks": "per frame", "tokenizer": "ptb"], overall: metrics(0.81, clips: 12),
      byCategory: ["ball": metrics(0.83, clips: 8), "drum": metrics(0.42, clips: 4)],
      byClip: ClipMetrics(
        Dictionary(clips.map { ($0, metrics()) }, uniquingKeysWith: { first, _ in first })),
      unscored: [UnscoredClip(clip: "later", reason: "its scoring is queued or running")])
  }

  static let attempts = [
    AttemptRecord(
      number: 1, host: "north", startedAt: takenAt, endedAt: takenAt.addingTimeInterval(3),
      error: "The worker process ended with signal 9."),
    AttemptRecord(
      number: 2, host: "south", startedAt: takenAt.addingTimeInterval(60), endedAt: nil,
      error: "broken.mp4 is not a media file."),
  ]

  static let job = JobRecord(
    id: "41", host: "north", attempts: 1, queuedAt: takenAt,
    startedAt: takenAt.addingTimeInterval(2), finishedAt: takenAt.addingTimeInterval(5))

  static func done(
    _ id: ClipID, in collection: String = "demo", video: String? = nil,
    sentence: String = "a red ball bounces"
  ) -> ClipReport {
    var prediction = prediction(id, sentence: sentence)
    if let video, let digest = try? SampleVideo.digest(of: video) {
      prediction.clip.sha256 = digest
    }
    return ClipReport(
      id: id, collection: collection, location: video, state: .done, prediction: prediction,
      truth: truth(id), score: score(id), metrics: metrics(), job: job)
  }

  static func failed(_ id: ClipID, in collection: String = "demo") -> ClipReport {
    ClipReport(
      id: id, collection: collection, location: nil,
      state: .failed(
        reason: "broken.mp4 is not a media file; give a video.", kind: "permanent",
        attempts: attempts),
      job: job)
  }

  static func waiting(_ id: ClipID, in collection: String = "demo") -> ClipReport {
    ClipReport(id: id, collection: collection, location: nil, state: .waiting)
  }

  static let queue: QueueSnapshot = {
    var queue = QueueSnapshot(
      takenAt: takenAt,
      counts: [.init(state: "waiting", jobs: 1), .init(state: "done", jobs: 12)],
      oldestWaitingSince: takenAt.addingTimeInterval(-30), finishedLastHour: 12,
      workers: [.init(name: "north/77", lastSeen: takenAt.addingTimeInterval(-4), runningJobs: 1)])
    queue.throughput = [
      .init(seconds: 60, done: 2, failed: 0), .init(seconds: 3600, done: 12, failed: 1),
    ]
    queue.failures = [
      .init(
        job: "41", work: "infer", collection: "demo", clip: "bad", kind: "signal 11",
        reason: "The worker process ended with signal 11.", attempts: 2, host: "north",
        at: takenAt.addingTimeInterval(-20))
    ]
    queue.failed = 1
    return queue
  }()

  static let model = ModelSnapshot(
    name: "avuformer-lite", sha256: String(repeating: "ab", count: 32),
    facts: [.init(label: "Parameters", value: "9.0 million")],
    card: "# Card\n\nTrained on *made-up* scenes. <b onclick=x>",
    training: TrainingLog(
      lines: [
        #"{"settings": {"steps": 150}, "from_step": 0}"#, #"{"step": 50, "cpu_s": 9.5, "mask": 2}"#,
        #"{"step": 100, "mask": 9, "<presence>": 0.5}"#, #"{"from_step": 50}"#, #"{"step": 100, "#,
        #"{"step": 100, "mask": 1, "<presence>": 0.25, "idle": 0}"#,
        #"{"step": 150, "mask": 0.5, "<presence>": 0.125, "idle": 0}"#,
      ]))

  /// Two runs over four clips; the second is better in all of them.
  static let runs: [RunSnapshot] = [("small", "1", 0.4), ("large", "2", 0.6)].map {
    name, digit, overlap in
    let clips = (0..<14).map { "c\($0)" }
    var all = report(clips)
    let sets = clips.enumerated().map { place, clip in
      (clip, metrics(overlap + 0.01 * Double(place % 4)))
    }
    all.byClip = ClipMetrics(Dictionary(uniqueKeysWithValues: sets))
    all.overall = metrics(overlap, clips: 14)
    return RunSnapshot(
      model: .init(name: name, sha256: String(repeating: digit, count: 64), task: "ssu"),
      clips: 14, report: all, finishedAt: takenAt)
  }

  static let table = ResultTable(
    id: "efficiency", title: "Efficiency", description: "Time and *size*.",
    columns: [
      .init(metric: "flops", title: "FLOPs", unit: "G", better: .lower),
      .init(metric: "seconds", title: "Time", unit: "s", better: .lower),
      .init(metric: "mIoU", better: .higher),
    ],
    rows: [
      .init(
        name: "Published", dataset: "d",
        provenance: .paperReported(.init(source: "A paper", url: "https://example.org/")),
        values: [
          "flops": .init(150), "seconds": .init(0.4), "mIoU": .init(0.61, ci95: [0.5, 0.7]),
        ], notes: ["a note"], year: 2024),
      .init(
        name: "Other", dataset: "d",
        provenance: .paperReported(.init(source: "A paper", url: "https://example.org/")),
        values: ["flops": .init(90), "seconds": .init(0.2), "mIoU": .init(0.5)], year: 2025),
      .init(
        name: "avuformer-lite", dataset: "e",
        provenance: .measured(.init(machine: "2 cores", when: takenAt, commit: "abc", clips: 9)),
        values: ["flops": .init(12), "seconds": .init(0.9), "mIoU": .init(0.55)]),
    ], notes: ["Read *this*."])

  static func snapshot(_ reports: [ClipReport], summary: String? = nil) -> SiteSnapshot {
    let names = reports.map(\.collection).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    var snapshot = SiteSnapshot(
      title: "avu", generatedAt: takenAt, softwareVersion: "avu 0.1.0",
      collections: names.map { name in
        let clips = reports.filter { $0.collection == name }
        return CollectionSnapshot(
          name: name, summary: summary, clips: clips.map(\.id),
          report: clips.contains { $0.score != nil } ? report(clips.map(\.id.text)) : nil)
      }, queue: queue)
    snapshot.tables = [table]
    snapshot.models = [model]
    return snapshot
  }
}
