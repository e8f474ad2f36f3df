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
    let groups = Self.groups(of: frames.count, threads: threads)
    let work = Mutex(Work(count: groups.count))
    let counter = OperationCounter.current
    DispatchQueue.concurrentPerform(iterations: min(threads, groups.count)) { _ in
      OperationCounter.$current.withValue(counter) {
        while let index = work.withLock({ $0.take() }) {
          let outputs = predict(together: frames[groups[index]])
          work.withLock { $0.outputs[index] = outputs }
        }
      }
    }
    return work.withLock { $0.outputs.flatMap(\.self) }
  }

  /// Looks at frames, and counts the floating-point operations of all products and convolutions, as they are
  /// computed, sentences included.
  ///
  /// - Parameter frames: Any number of frames.
  /// - Returns: One output for each frame, and the operations for all of them: two for each
  ///   multiplication with its addition.
  public func predictCounting(_ frames: [FrameInput]) -> (outputs: [FrameOutput], operations: Int) {
    let counter = OperationCounter()
    let outputs = OperationCounter.$current.withValue(counter) { predict(frames) }
    return (outputs, counter.count)
  }

  /// More frames at a time are no faster, and need more memory.
  private static let mostTogether = 10

  /// Frames that are computed together: as many groups as threads, or a multiple.
  static func groups(of count: Int, threads: Int) -> [Range<Int>] {
    let rounds = (count + threads * mostTogether - 1) / (threads * mostTogether)
    let groups = min(count, rounds * threads)
    return (0..<groups).map { $0 * count / groups..<($0 + 1) * count / groups }
  }

  /// The samples of the sound track, at 16 kHz, that a frame needs.
  ///
  /// - Parameter second: Where the second around the frame begins, in seconds.
  /// - Returns: Places in the sound track; the first may be negative.
  public static func soundRange(second: Double) -> Range<Int> {
    let starts = SoundPatches.offsets.map { SoundPatches.start(second: second, offset: $0) }
    return starts[0]..<starts[starts.count - 1] + SoundPatches.samples
  }

  /// Pixel values → (value - mean) / scale of each colour, [1, H, W, 3].
  func normalised(_ picture: [UInt8]) -> Tensor {
    let shape = [1, configuration.imageHeight, configuration.imageWidth, 3]
    return Tensor(
      shape: shape, pixels: picture, mean: configuration.pixelMean,
      scale: configuration.pixelScale)
  }

  /// What is heard around a frame.
  func sound(of frame: FrameInput) -> SoundPatches {
    SoundPatches(of: frame.sound, second: frame.second, spectrogram: spectrogram)
  }

  /// What is known of a frame before its sentence.
  private func predict(together frames: ArraySlice<FrameInput>) -> [FrameOutput] {
    let seen = DistinctInputs(frames.lazy.map(\.picture))
    let passes = blocks(
      pictures: seen.inputs.lazy.map(normalised), shown: seen.places, sounds: frames.map(sound))
    let presences = passes.map { sigmoid($0.presence.values[0]) }
    let sounding = passes.indices.filter { presences[$0] >= configuration.presenceThreshold }
    let topics = sounding.compactMap { index in
      blocks.subject(of: passes[index]) {
        normalised(frames[frames.startIndex + index].picture)
      }?.topic
    }
    let captions = Dictionary(uniqueKeysWithValues: zip(sounding, sentences(about: topics)))
    return passes.indices.map { index in
      let masks = passes[index].masks
      return FrameOutput(
        presence: presences[index],
        isSounding: presences[index] >= configuration.presenceThreshold,
        categoryScores: passes[index].categories.values.map(sigmoid),
        maskLogits: masks?.union ?? [],
        queryMaskLogits: masks.map { masks in
          (0..<masks.queries.rows).map { Array(masks.queries.row($0)) }
        } ?? [],
        attention: passes[index].streams.attention?.values ?? [],
        caption: captions[index] ?? "")
    }
  }

  /// None from a model that makes no sentences.
  private func sentences(about topics: [DescriptionDecoder.Topic]) -> [String] {
    guard let decoder = blocks.descriptionDecoder, !topics.isEmpty else { return [] }
    return decoder.generate(topics, fullStop: vocabulary.fullStop, decoding)
      .map(vocabulary.text)
  }
}

/// Which groups of frames are left, and what came out.
private struct Work {
  var outputs: [[FrameOutput]]
  private var next = 0

  init(count: Int) { outputs = Array(repeating: [], count: count) }

  mutating func take() -> Int? {
    guard next < outputs.count else { return nil }
    defer { next += 1 }
    return next
  }
}
