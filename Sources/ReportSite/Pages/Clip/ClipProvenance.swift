import Annotations
import Foundation

/// Where a clip's results come from, as names and values.
enum ClipProvenance {
  /// What is known; what is not is left out.
  static func facts(of report: ClipReport) -> [FactView] {
    var facts: [FactView] = []
    func add(_ label: String, _ value: String?) {
      if let value { facts.append(FactView(label: label, value: value)) }
    }
    func add(_ label: String, at date: Date?) {
      if let date { facts.append(FactView(label: label, moment: MomentView(date))) }
    }
    add("File", fileName(report.location))
    if let clip = report.prediction?.clip {
      add("File SHA-256", clip.sha256)
      add("Picture", "\(clip.width) × \(clip.height), \(DisplayText.fixed(clip.fps, 2)) frames/s")
      add("Length", DisplayText.duration(clip.duration))
      add(
        "Missing at the end",
        clip.missing.map { "\(DisplayText.duration($0)): the file is cut off" })
      add("Format", clip.format)
    }
    add("Source", report.truth?.source)
    if let prediction = report.prediction {
      add("Model", "\(prediction.model.name) (\(prediction.model.task))")
      add("Weights SHA-256", prediction.model.sha256)
      if let run = prediction.run {
        add("Program", run.software.isEmpty ? nil : run.software)
        add("Libraries", run.libraries)
        add("Settings", settings(run))
        add("Model's settings SHA-256", run.configuration)
        add("Computed on", run.device)
        add("Memory, at most", run.peakMemory.map { "\($0 >> 20) MB" })
      }
      add("Reading the file", DisplayText.duration(prediction.timings.decodeSeconds))
      add("Running the model", DisplayText.duration(prediction.timings.modelSeconds))
      add("Looked at", looks(prediction))
      add("In all", DisplayText.duration(prediction.timings.totalSeconds))
    }
    if let job = report.job {
      add("Job", job.id)
      add("Machine", job.host)
      add("Attempts", "\(job.attempts)")
      add("Queued", at: job.queuedAt)
      add("Waited", wait(job))
      add("Started", at: job.startedAt)
      add("Finished", at: job.finishedAt)
    }
    return facts
  }

  private static func settings(_ run: Prediction.Run) -> String {
    var parts = [
      "\(DisplayText.fixed(run.frameRate, 2)) moments/s",
      run.picture.map { "frames stretched to \($0.map(String.init).joined(separator: " × "))" },
      DisplayText.count(run.threads, "thread"),
    ].compactMap(\.self)
    if let sentences = run.sentences {
      if sentences.beam > 1 { parts.append("sentences by a beam of \(sentences.beam)") }
      if let most = sentences.maxWords {
        parts.append("at most \(DisplayText.count(most, "word"))")
      }
      if sentences.noRepeatNGram > 0 {
        parts.append("no \(sentences.noRepeatNGram) words in a row twice in a sentence")
      }
    }
    return parts.joined(separator: ", ")
  }

  private static func looks(_ prediction: Prediction) -> String {
    let frames = prediction.frames.count
    let each = prediction.timings.modelSeconds / Double(max(1, frames))
    return "\(DisplayText.count(frames, "moment")), \(DisplayText.fixed(each, 2)) s each"
  }

  /// How long a job waited for a worker, all attempts but the last included.
  private static func wait(_ job: JobRecord) -> String? {
    guard let queued = job.queuedAt, let started = job.startedAt else { return nil }
    return DisplayText.duration(started.timeIntervalSince(queued))
  }

  /// The last part of a path: folders of the machine that built the site are nobody's business.
  static func fileName(_ path: String?) -> String? {
    path.map { String($0.split(separator: "/").last ?? "") }
  }
}
