import AVUModel
import Annotations
import Foundation
import Inference
import Workers

/// The clip that is measured.
enum BenchmarkClip {
  /// What was said of a moment.
  struct Answer {
    let mask: [UInt8]
    let sentence: String
  }

  /// What one run gave.
  struct Run {
    let frames: Int
    let sentences: Int
    let seconds: [String: Double]
    let answers: [Answer]

    /// Of a clip that is not decoded.
    var operations: Int?
  }

  /// How many numbers the model has learned, and one run, to be called again and again.
  static func analysis(
    of video: String?, frames count: Int, with entry: ModelLibrary.Entry, threads: Int
  ) throws -> (parameters: Int, run: () throws -> Run) {
    if let video {
      let analyzer = try ClipAnalyzer(
        modelDirectory: entry.directory, threads: threads, options: entry.options)
      return (analyzer.model.parameterCount, { try run(of: video, with: analyzer) })
    }
    let model = try AVUFormer(
      directory: entry.directory, threads: threads, options: entry.options)
    let clip = frames(count, for: model.configuration)
    return (model.parameterCount, { run(of: clip, with: model) })
  }

  private static func run(of video: String, with analyzer: ClipAnalyzer) throws -> Run {
    let prediction = try analyzer.predict(path: video, id: ClipID(fileName: "benchmark"))
    let timings = prediction.timings
    return Run(
      frames: prediction.frames.count, sentences: prediction.frames.count { !$0.caption.isEmpty },
      seconds: [
        "decode": timings.decodeSeconds, "model": timings.modelSeconds,
        "total": timings.totalSeconds,
      ],
      answers: try prediction.frames.map {
        Answer(mask: try $0.mask.decoded().pixels, sentence: $0.caption)
      })
  }

  private static func run(of clip: [FrameInput], with model: AVUFormer) -> Run {
    var (outputs, operations): ([FrameOutput], Int) = ([], 0)
    let time = ContinuousClock().measure {
      (outputs, operations) = model.predictCounting(clip)
    }
    return Run(
      frames: clip.count, sentences: outputs.count { !$0.caption.isEmpty },
      seconds: ["model": time / .seconds(1)],
      answers: outputs.map { output in
        let threshold = output.isSounding ? model.configuration.maskThreshold : .infinity
        return Answer(
          mask: output.maskLogits.map { $0 > threshold ? 1 : 0 }, sentence: output.caption)
      }, operations: operations)
  }

  /// Some seconds of picture and sound, made by formulas. No picture and no stretch of the rising tone is like another:
  /// what comes again would be computed once.
  private static func frames(
    _ seconds: Int, for configuration: ModelConfiguration
  ) -> [FrameInput] {
    let rate = configuration.sampleRate
    let sound = (0..<seconds * rate).map { n -> Float in
      let second = Double(n) / Double(rate)
      return Float(0.3 * sin(2 * .pi * (220 + 60 * second) * second))
    }
    return (0..<seconds).map { second in
      FrameInput(
        picture: picture(configuration, second), second: Double(second),
        sound: SoundWindow(samples: sound, start: 0))
    }
  }

  private static func picture(_ configuration: ModelConfiguration, _ second: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(configuration.imageWidth * configuration.imageHeight * 3)
    for y in 0..<configuration.imageHeight {
      for x in 0..<configuration.imageWidth {
        for value in [x + 20 * second, y, x * y / 64] {
          pixels.append(UInt8(truncatingIfNeeded: value))
        }
      }
    }
    return pixels
  }
}
