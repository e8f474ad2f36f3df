/// Sums from which every figure of a set of clips is computed.
///
/// All figures are functions of sums over clips, so a set's figures need no second look at its
/// clips, and resampling is adding.
struct MetricSums {
  /// The sums as one vector; see the places below.
  private(set) var values = [Double](repeating: 0, count: MetricSums.count)

  // Each mean over clips and each rate is a sum and, behind it, what to divide by.
  static let iou = 0
  static let iouSounding = 2
  static let fScore = 4
  static let presence = 6
  static let silence = 8
  static let matches = 10
  static let guesses = 14
  static let length = 18
  static let referenceLength = 19
  static let sentences = 20
  static let rougeL = 21
  static let cider = 22
  static let bestF = 23
  static let region = 25
  static let boundary = 27
  static let offScreen = 29
  static let meteor = 31
  static let count = meteor + MeteorCounts.count

  /// For each place whether it holds a count.
  static let isWhole = (0..<count).map {
    ![iou, iouSounding, fScore, rougeL, cider, bestF, region, boundary].contains($0)
  }

  init() {}

  /// Takes sums.
  init(values: [Double]) {
    precondition(values.count == Self.count, "\(values.count) sums, not \(Self.count)")
    self.values = values
  }

  /// How many yes or no decisions a rate rests on, and how many were right.
  func trials(of rate: String) -> (successes: Double, trials: Double) {
    let places = [MetricName.silence: Self.silence, MetricName.offScreen: Self.offScreen]
    let place = places[rate] ?? Self.presence
    return (values[place], values[place + 1])
  }

  /// Sums up the masks and the presence decisions of one clip.
  init(masksOf frames: [FrameScore]) {
    addMean(Self.iou, frames.compactMap(\.iou))
    addMean(Self.iouSounding, frames.filter(\.truthSounding).compactMap(\.iou))
    addMean(Self.fScore, frames.compactMap(\.fScore))
    if let batch = BatchScore(clips: [frames]) { addRate(Self.bestF, batch.bestFScore) }
    addMean(Self.region, frames.compactMap(\.region))
    addMean(Self.boundary, frames.compactMap(\.boundary))
    for frame in frames {
      let isRight = frame.truthSounding == frame.predictedSounding ? 1.0 : 0
      addRate(Self.presence, isRight)
      if frame.truthSounding { continue }
      addRate(frame.truthAudible == true ? Self.offScreen : Self.silence, isRight)
    }
  }

  private mutating func addMean(_ place: Int, _ figures: [Double]) {
    if figures.isEmpty { return }
    addRate(place, figures.reduce(0, +) / Double(figures.count))
  }

  private mutating func addRate(_ place: Int, _ value: Double) {
    values[place] += value
    values[place + 1] += 1
  }

  /// Adds one scored sentence.
  mutating func add(_ sentence: SentenceCounts) {
    for order in 0..<4 {
      values[Self.matches + order] += sentence.bleu.matches[order]
      values[Self.guesses + order] += sentence.bleu.guesses[order]
    }
    values[Self.length] += sentence.bleu.length
    values[Self.referenceLength] += sentence.bleu.referenceLength
    values[Self.sentences] += 1
    values[Self.rougeL] += sentence.rougeL
    values[Self.cider] += sentence.cider
    for (place, value) in sentence.meteor.addend.enumerated() {
      values[Self.meteor + place] += value
    }
  }

  static func += (left: inout MetricSums, right: MetricSums) {
    for place in 0..<count { left.values[place] += right.values[place] }
  }

  private static let means = [
    ("mIoU", iou), ("mIoU-sounding", iouSounding), ("F-score", fScore), ("presence", presence),
    (MetricName.silence, silence), (MetricName.offScreen, offScreen), (MetricName.batchIoU, iou),
    (MetricName.batchF, bestF), ("DAVIS-J", region), ("DAVIS-F", boundary),
  ]

  /// The figures; one that rests on nothing is absent.
  ///
  /// - Parameter meteorName: Under which name METEOR's figure goes.
  /// - Returns: The figures with their names.
  func figures(meteorName: String) -> [(String, Double)] {
    var figures: [(String, Double)] = []
    figures.reserveCapacity(20)
    for (name, place) in Self.means where values[place + 1] > 0 {
      figures.append((name, values[place] / values[place + 1]))
    }
    if values[Self.region + 1] > 0, values[Self.boundary + 1] > 0 {
      let region = values[Self.region] / values[Self.region + 1]
      let boundary = values[Self.boundary] / values[Self.boundary + 1]
      figures.append(("DAVIS-J&F", (region + boundary) / 2))
    }
    guard values[Self.sentences] > 0 else { return figures }
    figures += zip(["BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4"], bleu.scores)
    figures.append(("ROUGE-L", values[Self.rougeL] / values[Self.sentences]))
    figures.append(("CIDEr", values[Self.cider] / values[Self.sentences]))
    figures.append((meteorName, MeteorCounts(values: values[Self.meteor...]).score))
    return figures
  }

  private var bleu: BLEUCounts {
    var counts = BLEUCounts()
    for order in 0..<4 {
      counts.matches[order] = values[Self.matches + order]
      counts.guesses[order] = values[Self.guesses + order]
    }
    counts.length = values[Self.length]
    counts.referenceLength = values[Self.referenceLength]
    return counts
  }
}
