/// The figures of a set of clips in a fixed order, so that a clip's are a row of numbers.
struct FigureNames: Sendable {
  /// The figures' names.
  let all: [String]

  /// Stands for a figure that rests on nothing; no figure is infinite.
  static let absent = -Double.infinity

  /// - Parameter meteor: Under which name METEOR's figure goes.
  init(meteor: String) {
    all =
      MetricSums.means.map(\.0) + [
        "DAVIS-J&F", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr", meteor,
      ]
      + [MetricName.classIoU, MetricName.classF]
  }

  /// The figures of a row of sums.
  ///
  /// - Parameter row: A row of ``ClipTable``.
  /// - Returns: As many figures as there are names.
  static func figures(of row: [Double]) -> [Double] {
    var figures = MetricSums(row: row).figures
    let classes = ClassSums.means(in: row)
    figures.append(classes?.iou ?? absent)
    figures.append(classes?.fScore ?? absent)
    return figures
  }
}
