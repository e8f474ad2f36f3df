import Evaluation

/// Figures with their intervals, as tiles.
enum MetricTiles {
  /// The figures that tiles show: one or two of each kind.
  private static let plain = [
    "mIoU", "mIoU-sounding", "F-score", "presence", "silence", "BLEU-4", "ROUGE-L", "CIDEr",
  ]

  /// The plain figures of a set in display order; those without a value are left out.
  static func tiles(of set: MetricSet) -> [TileView] {
    var tiles = all(of: set)
      .filter { plain.contains($0.label) || $0.label.hasPrefix("METEOR") }
    let sentences = tiles.firstIndex { $0.meaning == "sentences" }
    if let sentences, sentences > 0 { tiles[sentences].startsRow = true }
    return tiles
  }

  /// All figures of a set in display order; those without a value are left out.
  static func all(of set: MetricSet) -> [TileView] {
    names(in: set).compactMap { name in
      set.values[name].map { value in
        TileView(
          label: name, value: DisplayText.fixed(value.value, 3), detail: interval(value),
          chart: Charts.interval(value.value, value.ci95, scale: scale(of: name)),
          meaning: meaning(of: name))
      }
    }
  }

  /// How far a figure can reach, as pages draw it.
  static func scale(of name: String) -> Double { name == "CIDEr" ? 10 : 1 }

  /// The anchor on the page of methods; nil for a figure that it does not explain.
  static func meaning(of name: String) -> String? {
    switch name {
    case "mIoU", "mIoU-sounding": "iou"
    case "F-score": "f-score"
    case "presence", "silence", "off-screen": "presence"
    case "mIoU-classes", "F-classes", "AVSBench-mIoU", "AVSBench-F", "AVSBench-mIoU-noBg",
      "AVSBench-F-noBg":
      "classes"
    default:
      [
        "AVSBench": "avsbench", "DAVIS": "davis", "BLEU": "sentences", "ROUGE": "sentences",
        "METEOR": "sentences", "CIDEr": "sentences",
      ]
      .first { name.hasPrefix($0.key) }?.value
    }
  }

  /// The names of a set's figures in display order, unknown ones last.
  static func names(in set: MetricSet) -> [String] {
    let known = MetricName.all.filter { set.values[$0] != nil }
    return known + set.values.keys.filter { !MetricName.all.contains($0) }.sorted()
  }

  /// The name of the METEOR figure in a set: which of its stages took part is a part of the name.
  static func meteor(in set: MetricSet) -> String? {
    names(in: set).first { $0.hasPrefix("METEOR") }
  }

  /// The 95 % interval in words, or nil.
  static func interval(_ value: MetricValue) -> String? {
    guard let bounds = value.ci95, bounds.count == 2 else { return nil }
    return "\(DisplayText.fixed(bounds[0], 3)) to \(DisplayText.fixed(bounds[1], 3))"
  }

  /// What a set rests on, in words.
  static func basis(_ counts: MetricCounts) -> String {
    "n = \(DisplayText.count(counts.clips, "clip")), \(DisplayText.count(counts.frames, "frame")), "
      + DisplayText.count(counts.captions, "sentence")
  }
}
