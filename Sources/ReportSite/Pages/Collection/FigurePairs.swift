/// How often clips have which overlap of masks with which closeness of sentences: a table of counts.
struct FigurePairs: Encodable {
  struct Cell: Encodable {
    let clips: Int?
    /// A class: how dark it is.
    let kind: String
  }

  struct Row: Encodable {
    let range: String
    let cells: [Cell]
  }

  private static let bins = 5

  let summary: String
  /// Ranges of ROUGE-L.
  let columns: [String]
  /// Ranges of mIoU, highest first.
  let rows: [Row]

  /// The table; nil where fewer than ten clips have both figures.
  init?(_ clips: [ClipRow]) {
    let pairs = clips.compactMap { row -> (Double, Double)? in
      guard let iou = row.iou, let rougeL = row.facts.rougeL else { return nil }
      return (iou, rougeL)
    }
    guard pairs.count >= 10 else { return nil }
    let bins = Self.bins
    var counts = [Int](repeating: 0, count: bins * bins)
    let place = { (value: Double) in min(bins - 1, max(0, Int(value * Double(bins)))) }
    for (iou, rougeL) in pairs { counts[place(iou) * bins + place(rougeL)] += 1 }
    let most = counts.max() ?? 1
    let range = { (bin: Int) in
      "\(DisplayText.fixed(Double(bin) / Double(bins), 1))–"
        + DisplayText.fixed(Double(bin + 1) / Double(bins), 1)
    }
    columns = (0..<bins).map(range)
    rows = (0..<bins).reversed().map { bin in
      Row(
        range: range(bin),
        cells: counts[(bin * bins)..<((bin + 1) * bins)].map { clips in
          Cell(
            clips: clips > 0 ? clips : nil,
            kind: clips > 0 ? "heat-\(1 + min(3, 4 * clips / (most + 1)))" : "")
        })
    }
    let good = pairs.count { $0.0 >= 0.5 && $0.1 >= 0.5 }
    let mask = pairs.count { $0.0 >= 0.5 && $0.1 < 0.5 }
    let words = pairs.count { $0.0 < 0.5 && $0.1 >= 0.5 }
    summary =
      "\(DisplayText.count(pairs.count, "clip")): mask and sentence at 0.5 or more in \(good), "
      + "only the mask in \(mask), only the sentence in \(words), neither in "
      + "\(pairs.count - good - mask - words)."
  }
}
