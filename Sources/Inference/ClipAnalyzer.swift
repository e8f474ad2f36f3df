public import AVUModel
public import Annotations
import Foundation
import Media
import TensorCore

/// Runs AVUFormer on video files: clip → tensors → model → prediction.
///
/// Thread-safe; each call decodes on the calling thread, which must not be one of Swift's
/// cooperative pool.
public final class ClipAnalyzer: Sendable {
  /// The model in use.
  public let model: AVUFormer

  private let identity: Prediction.Model

  /// SHA-256 of the model's configuration.
  private let configurationHash: String

  private let threads: Int

  /// Frames that go through the model together: enough to keep all threads busy, few enough that
  /// memory does not grow with the length of a clip.
  private static let batch = 8

  /// The longest clip, in seconds: a hostile file may claim any length.
  private static let longest = 360_000.0

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - modelDirectory: The folder with `config.json`, `model.safetensors` and `vocabulary.txt`.
  ///   - threads: Threads for the numeric work, and at most as many for decoding.
  ///   - options: What is asked for in place of what `config.json` says.
  /// - Throws: ``InferenceError``.
  public init(
    modelDirectory: String, threads: Int, options: ModelOptions = ModelOptions()
  ) throws(InferenceError) {
    self.threads = threads
    do {
      model = try AVUFormer(directory: modelDirectory, threads: threads, options: options)
    } catch {
      throw .model(error)
    }
    do {
      let weights = try ContentHash.sha256(ofFile: modelDirectory + "/model.safetensors")
      identity = Prediction.Model(
        name: model.configuration.name + model.options.suffix,
        sha256: model.options.identity(weights: weights),
        task: model.configuration.task)
      configurationHash = try ContentHash.sha256(ofFile: modelDirectory + "/config.json")
    } catch {
      throw .media(error)
    }
  }

  /// Looks at a clip, `frameRate` times a second.
  ///
  /// - Parameters:
  ///   - path: The video file.
  ///   - id: The clip's id, for the result.
  ///   - frameRate: Looked-at moments in each second of the clip; above 0.
  ///   - progress: Called after each batch with the part that is done, 0 to 1.
  /// - Returns: One entry for each moment; masks have the video's own size.
  /// - Throws: ``InferenceError``.
  public func predict(
    path: String, id: ClipID, frameRate: Double = 1, progress: (Double) -> Void = { _ in }
  ) throws(InferenceError) -> Prediction {
    do {
      return try analyze(path: path, id: id, frameRate: frameRate, progress: progress)
    } catch let error as MediaError {
      throw .media(error)
    } catch let error as InferenceError {
      throw error
    } catch {
      throw .unexpected("\(error)")
    }
  }

  private func analyze(
    path: String, id: ClipID, frameRate: Double, progress: (Double) -> Void
  ) throws -> Prediction {
    let clock = ContinuousClock()
    let began = clock.now
    let sha256 = try ContentHash.sha256(ofFile: path)
    let reader = try MediaReader(path: path, threads: threads)
    guard let stream = reader.info.video else { throw InferenceError.noPicture }
    guard reader.info.duration <= Self.longest else {
      throw InferenceError.tooLong(reader.info.duration)
    }
    let moments = ClipMoments(duration: reader.info.duration, frameRate: frameRate)
    var batch = FrameBatch(sound: try SoundReader(path: path, sampleRate: sampleRate))
    var frames: [Prediction.Frame] = []
    var modelTime = Duration.zero
    try reader.frames(
      at: moments.times, width: model.configuration.imageWidth,
      height: model.configuration.imageHeight
    ) { index, picture in
      batch.pictures.append(picture)
      guard batch.pictures.count == Self.batch || index == moments.times.count - 1 else { return }
      let inputs = try batch.take(beginningAt: frames.count, of: moments)
      let (outputs, time) = clock.timed { model.predict(inputs) }
      modelTime += time
      for output in outputs {
        frames.append(
          frame(output, index: frames.count, time: moments.times[frames.count], size: stream))
      }
      progress(Double(frames.count) / Double(moments.times.count))
    }
    var prediction = Prediction(
      clip: Prediction.Clip(
        id: id, sha256: sha256, duration: reader.info.duration, fps: stream.averageFrameRate,
        width: stream.width, height: stream.height),
      model: identity, frames: frames, timings: timings(model: modelTime, total: clock.now - began))
    prediction.clip.format = Self.format(reader.info)
    if reader.info.missing > 0 { prediction.clip.missing = reader.info.missing }
    prediction.run = run(frameRate: frameRate)
    return prediction
  }

  private func run(frameRate: Double) -> Prediction.Run {
    var run = Prediction.Run(software: "", frameRate: frameRate, threads: threads)
    run.device = "CPU, \((model.options.precision ?? .single).rawValue)"
    run.picture = [model.configuration.imageWidth, model.configuration.imageHeight]
    run.configuration = configurationHash
    run.libraries = MediaLibraries.versions
    var usage = rusage()
    // Linux counts in units of 1024 bytes.
    if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
      run.peakMemory = usage.ru_maxrss * 1024
    }
    if model.configuration.hasSentences {
      run.sentences = Prediction.Sentences(
        beam: model.decoding.beam, maxWords: model.decoding.maxWords,
        noRepeatNGram: model.decoding.noRepeatNGram)
    }
    return run
  }

  private static func format(_ info: MediaInfo) -> String {
    // libavformat names all containers of a family.
    let container = info.container.contains("mp4") ? "mp4" : info.container
    return [container, info.video?.codec, info.audio?.codec ?? "no sound"].compactMap(\.self)
      .joined(separator: ", ")
  }

  private var sampleRate: Int { model.configuration.sampleRate }

  private func timings(model: Duration, total: Duration) -> Prediction.Timings {
    Prediction.Timings(
      decodeSeconds: (total - model).seconds, modelSeconds: model.seconds,
      totalSeconds: total.seconds)
  }

  /// What is sounding, what it says and where it is belong together: without a pixel above the
  /// threshold nothing visible sounds, and nothing is said. A model without masks decides alone.
  private func frame(
    _ output: FrameOutput, index: Int, time: Double, size: VideoStream
  ) -> Prediction.Frame {
    let configuration = model.configuration
    var mask = BinaryMask(emptyOfWidth: size.width, height: size.height)
    if output.isSounding && configuration.hasMasks {
      mask = MaskUpsampling.mask(
        logits: output.maskLogits, width: configuration.maskWidth,
        height: configuration.maskHeight, threshold: configuration.maskThreshold,
        toWidth: size.width, height: size.height)
    }
    let sounds = output.isSounding && !(configuration.hasMasks && mask.isEmpty)
    let best = output.categoryScores.indices.max {
      output.categoryScores[$0] < output.categoryScores[$1]
    }
    var frame = Prediction.Frame(
      index: index, time: time, sounding: sounds, score: Double(output.presence),
      mask: RunLengthMask(mask), caption: sounds ? output.caption : "",
      category: sounds ? best.map { configuration.categories[$0].name } : nil)
    if configuration.hasMasks {
      let width = configuration.maskWidth
      frame.certainty = CoarseMap(width: width, height: configuration.maskHeight) { x, y in
        1 / (1 + exp(-output.maskLogits[y * width + x]))
      }
    }
    if let most = output.attention.max(), most > 0 {
      let width = configuration.attentionWidth
      frame.attention = CoarseMap(width: width, height: configuration.attentionHeight) { x, y in
        output.attention[y * width + x] / most
      }
    }
    return frame
  }
}

extension ContinuousClock {
  /// Runs `body` and says how long it took.
  fileprivate func timed<Result>(_ body: () -> Result) -> (Result, Duration) {
    let began = now
    let result = body()
    return (result, now - began)
  }
}

extension Duration {
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
