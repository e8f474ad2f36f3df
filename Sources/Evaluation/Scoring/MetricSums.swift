import SentenceMetrics

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
  static let maskFrames = meteor + MeteorCounts.count
  static let clips = maskFrames + 1
  static let count = clips + 1

  init() {}

  /// Takes sums from the beginning of a row.
  init(row: [Double]) { values = Array(row.prefix(Self.count)) }

  /// How many things the sums of one clip or of many rest on.
  var counts: MetricCounts {
    MetricCounts(
      clips: Int(values[Self.clips]), frames: Int(values[Self.maskFrames]),
      captions: Int(values[Self.sentences]))
  }

  /// How many yes or no decisions a rate rests on, and how many were right.
  func trials(of rate: String) -> (successes: Double, trials: Double) {
    let places = [MetricName.silence: Self.silence, MetricName.offScreen: Self.offScreen]
    let place = places[rate] ?? Self.presence
    return (values[place], values[place + 1])
  }

  /// Sums up the masks and the presence decisions of one clip.
  init(masksOf frames: [FrameScore]) {
    values[Self.clips] = 1
    values[Self.maskFrames] = Double(frames.count { $0.iou != nil })
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

  /// Figures that are a sum and, behind it, what to divide by.
  static let means = [
    ("mIoU", iou), ("mIoU-sounding", iouSounding), ("F-score", fScore), ("presence", presence),
    (MetricName.silence, silence), (MetricName.offScreen, offScreen), (MetricName.batchIoU, iou),
    (MetricName.batchF, bestF), ("DAVIS-J", region), ("DAVIS-F", boundary),
  ]

  /// The figures in the order of ``FigureNames``, those of classes left out; one that rests on
  /// nothing is ``FigureNames/absent``.
  var figures: [Double] {
    var figures: [Double] = []
    figures.reserveCapacity(20)
    for (_, place) in Self.means { figures.append(mean(place)) }
    let (region, boundary) = (mean(Self.region), mean(Self.boundary))
    figures.append((region + boundary) / 2)
    if values[Self.sentences] > 0 {
      figures += bleu.scores
      figures.append(values[Self.rougeL] / values[Self.sentences])
      figures.append(values[Self.cider] / values[Self.sentences])
      figures.append(MeteorCounts(values: values[Self.meteor..<Self.maskFrames]).score)
    } else {
      figures += repeatElement(FigureNames.absent, count: 7)
    }
    return figures
  }

  private func mean(_ place: Int) -> Double {
    values[place + 1] > 0 ? values[place] / values[place + 1] : FigureNames.absent
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
