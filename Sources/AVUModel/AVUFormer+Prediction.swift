import Dispatch
import Synchronization
import TensorCore

extension AVUFormer {
  /// Looks at frames; must not be called on a thread of Swift's cooperative pool.
  ///
  /// - Parameter frames: Any number of frames, of one clip or of several.
  /// - Returns: One output for each frame, in the same order.
  /// - Precondition: Each picture has the model's size.
  public func predict(_ frames: [FrameInput]) -> [FrameOutput] {
    let work = Mutex(Work(count: frames.count))
    DispatchQueue.concurrentPerform(iterations: min(threads, frames.count)) { _ in
      while let index = work.withLock({ $0.take() }) {
        let output = predict(frames[index])
        work.withLock { $0.outputs[index] = output }
      }
    }
    return work.withLock { $0.outputs.compactMap(\.self) }
  }

  /// The samples of the sound track, at 16 kHz, that a frame needs.
  ///
  /// - Parameter second: Where the second around the frame begins, in seconds.
  /// - Returns: Places in the sound track; the first may be negative.
  public static func soundRange(second: Double) -> Range<Int> {
    let starts = SoundPatches.offsets.map { SoundPatches.start(second: second, offset: $0) }
    return starts[0]..<starts[starts.count - 1] + SoundPatches.samples
  }

  /// One pass over a frame, up to the memory of the sentences.
  func forward(_ frame: FrameInput) -> FramePass {
    blocks(
      picture: normalised(frame.picture),
      sound: SoundPatches(of: frame.sound, second: frame.second, spectrogram: spectrogram))
  }

  /// Pixel values → (value - mean) / scale, [1, H, W, 3].
  private func normalised(_ picture: [UInt8]) -> Tensor {
    let shape = [1, configuration.imageHeight, configuration.imageWidth, 3]
    precondition(
      picture.count == shape.reduce(1, *), "a picture of \(picture.count) bytes for \(shape)")
    let (mean, scale) = (configuration.pixelMean, configuration.pixelScale)
    return Tensor(shape: shape, values: picture.map { (Float($0) - mean) / scale })
  }

  private func predict(_ frame: FrameInput) -> FrameOutput {
    let pass = forward(frame)
    let presence = sigmoid(pass.presence.values[0])
    let isSounding = presence >= configuration.presenceThreshold
    return FrameOutput(
      presence: presence, isSounding: isSounding,
      categoryScores: pass.categories.values.map(sigmoid), maskLogits: pass.masks?.union ?? [],
      queryMaskLogits: pass.masks.map { masks in
        (0..<masks.queries.rows).map { Array(masks.queries.row($0)) }
      } ?? [],
      caption: isSounding ? sentence(about: pass.topic) : "")
  }

  /// Nothing from a model that makes no sentences.
  private func sentence(about topic: DescriptionDecoder.Topic?) -> String {
    guard let decoder = blocks.descriptionDecoder, let topic else { return "" }
    return vocabulary.text(of: decoder.generate(topic, fullStop: vocabulary.fullStop))
  }
}

/// Which frames are left, and what came out.
private struct Work {
  var outputs: [FrameOutput?]
  private var next = 0

  init(count: Int) { outputs = Array(repeating: nil, count: count) }

  mutating func take() -> Int? {
    guard next < outputs.count else { return nil }
    defer { next += 1 }
    return next
  }
}
