public import Annotations
public import Evaluation

/// A made-up collection of any size, for tests and timings: the same seed gives the same clips.
///
/// Each clip is made when it is asked for, so a collection takes no memory. One in a hundred failed,
/// one in two hundred waits; two of ten moments are silent; masks come from a fixed stock.
public struct SyntheticCollection: Sendable {
  /// How many clips there are.
  public let count: Int

  /// Looked-at moments of a clip.
  public let frames: Int

  private let seed: UInt64
  private let masks: [RunLengthMask]
  private static let empty = RunLengthMask(BinaryMask(emptyOfWidth: side, height: side))
  private static let side = 224

  /// How far the work on a clip got.
  public enum State: Sendable {
    case done, failed, waiting
  }

  /// Describes a collection.
  ///
  /// - Parameters:
  ///   - count: How many clips it has.
  ///   - frames: Looked-at moments of a clip, one a second.
  ///   - seed: Another seed gives other clips.
  public init(count: Int, frames: Int = 10, seed: UInt64 = 1) {
    self.count = count
    self.frames = frames
    self.seed = seed
    var random = SplitMix64(seed: seed)
    masks = (0..<64).map { _ in
      Self.ellipse(
        60 + random.index(below: 104), 60 + random.index(below: 104), 20 + random.index(below: 40),
        20 + random.index(below: 40))
    }
  }

  /// The id of a clip, in the order of ids.
  public func id(_ clip: Int) -> ClipID {
    let digits = String(clip)
    return ClipID(fileName: "clip-" + String(repeating: "0", count: 6 - digits.count) + digits)
  }

  /// Which clip has an id.
  public func number(_ id: ClipID) -> Int { Int(id.text.dropFirst(5)) ?? 0 }

  /// How far the work on a clip got.
  public func state(_ clip: Int) -> State {
    clip % 100 == 57 ? .failed : clip % 200 == 133 ? .waiting : .done
  }

  /// SHA-256 of a clip's file, as made up as the clip.
  public func sha256(_ clip: Int) -> String {
    var random = numbers(clip, stream: 1)
    return (0..<4).map { _ in
      let digits = String(random.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// What sounds in a clip.
  public func category(_ clip: Int) -> String {
    var random = numbers(clip, stream: 2)
    // Some categories are much more frequent than others.
    let first = random.index(below: Words.categories.count)
    return Words.categories[min(first, random.index(below: Words.categories.count))]
  }

  /// What a model says about a clip; nil unless the clip is done.
  ///
  /// - Parameters:
  ///   - clip: Which clip.
  ///   - take: Another number gives other sentences and figures, as a model of another day would.
  /// - Returns: The prediction.
  public func prediction(_ clip: Int, take: Int = 0) -> Prediction? {
    guard state(clip) == .done else { return nil }
    let moments = moments(clip, take)
    return Prediction(
      clip: .init(
        id: id(clip), sha256: sha256(clip), duration: Double(frames), fps: 25, width: Self.side,
        height: Self.side),
      model: Self.model,
      frames: moments.enumerated().map { index, moment in
        let name = moment.predicted ? moment.category : nil
        return Prediction.Frame(
          index: index, time: Double(index) + 0.5, sounding: moment.predicted,
          score: moment.predicted ? 0.75 + moment.overlap / 4 : 0.1,
          mask: moment.predicted ? moment.mask : Self.empty,
          caption: moment.predicted ? moment.sentence : "", category: name,
          objects: name.map { [.init(category: $0, score: 0.9, mask: moment.mask)] } ?? [])
      }, timings: .init(decodeSeconds: 0.1, modelSeconds: 0.08 * Double(frames), totalSeconds: 1))
  }

  /// The model of ``prediction(_:take:)``.
  public static let model = Prediction.Model(
    name: "made-up", sha256: String(repeating: "5e", count: 32), task: "ssu")

  /// What people say about a clip.
  public func truth(_ clip: Int) -> ClipTruth {
    let moments = moments(clip, 0)
    return ClipTruth(
      id: id(clip), source: "made up", category: category(clip),
      frameTimes: moments.indices.map { Double($0) + 0.5 }, sounding: moments.map(\.sounds),
      captions: moments.map { $0.sounds ? [$0.reference] : [] },
      masks: moments.map { $0.sounds ? $0.truth : Self.empty })
  }

  /// The scores of a clip; nil unless the clip is done.
  public func score(_ clip: Int, take: Int = 0) -> ClipScore? {
    guard state(clip) == .done else { return nil }
    return ClipScore(
      clip: id(clip).text, category: category(clip),
      frames: moments(clip, take).enumerated().map { index, moment in
        let overlap = moment.sounds ? (moment.predicted ? moment.overlap : 0) : 1
        return FrameScore(
          time: Double(index) + 0.5, iou: overlap,
          fScore: moment.sounds ? min(1, overlap * 1.08) : nil, region: overlap,
          boundary: moment.sounds ? overlap * 0.9 : 1, truthSounding: moment.sounds,
          predictedSounding: moment.predicted, references: moment.sounds ? [moment.reference] : [],
          hypothesis: moment.predicted ? moment.sentence : "")
      })
  }

  // MARK: Making up

  private struct Moment {
    let sounds: Bool
    let predicted: Bool
    let category: String
    let overlap: Double
    let sentence: String
    let reference: String
    let mask: RunLengthMask
    let truth: RunLengthMask
  }

  private func numbers(_ clip: Int, stream: Int) -> SplitMix64 {
    SplitMix64(seed: seed &+ UInt64(clip) &* 16, stream: stream)
  }

  private func moments(_ clip: Int, _ take: Int) -> [Moment] {
    var fixed = numbers(clip, stream: 3)
    var random = numbers(clip, stream: 4 + take)
    let category = category(clip)
    let quality = 1 - Double(random.index(below: 1000)) * Double(random.index(below: 1000)) / 1e6
    let said = random.index(below: 8) == 0 ? Words.categories[random.index(below: 5)] : category
    let sentences = (0..<2).map { _ in Words.sentence(about: said, &random) }
    let reference = Words.sentence(about: category, &fixed)
    let isSilent = fixed.index(below: 20) == 0
    return (0..<frames).map { index in
      let sounds = !isSilent && index % 5 != 0
      let isMistaken = random.index(below: 25) == 0
      let shape = masks[fixed.index(below: masks.count)]
      return Moment(
        sounds: sounds, predicted: sounds != isMistaken, category: said,
        overlap: quality * (0.8 + Double(random.index(below: 200)) / 1000),
        sentence: sentences[index < frames / 2 ? 0 : 1], reference: reference,
        mask: masks[random.index(below: masks.count)], truth: shape)
    }
  }

  private static func ellipse(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> RunLengthMask {
    var pixels = [UInt8](repeating: 0, count: side * side)
    for row in 0..<side {
      for column in 0..<side {
        let (across, down) = (
          Double(column - x) / Double(width), Double(row - y) / Double(height)
        )
        if across * across + down * down <= 1 { pixels[row * side + column] = 1 }
      }
    }
    return RunLengthMask(BinaryMask(width: side, height: side, pixels: pixels))
  }
}
