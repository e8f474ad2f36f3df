/// The figures of a set of clips in a fixed order, so that a clip's are a row of numbers.
struct FigureNames: Sendable {
  /// The figures' names.
  let all: [String]

  private let classes: ClassList?

  /// Stands for a figure that rests on nothing; no figure is infinite.
  static let absent = -Double.infinity

  /// - Parameters:
  ///   - meteor: Under which name METEOR's figure goes.
  ///   - classes: The classes of the data set; nil leaves the figures of all of them out.
  init(meteor: String, classes: ClassList? = nil) {
    self.classes = classes
    all =
      MetricSums.means.map(\.0) + [
        "DAVIS-J&F", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr", meteor,
      ]
      + [MetricName.classIoU, MetricName.classF] + (classes == nil ? [] : MetricName.allClasses)
  }

  /// The figures of a row of sums.
  ///
  /// - Parameter row: A row of ``ClipTable``.
  /// - Returns: As many figures as there are names.
  func figures(of row: [Double]) -> [Double] {
    var figures = MetricSums(row: row).figures
    let means = ClassSums.means(in: row)
    figures.append(means?.iou ?? Self.absent)
    figures.append(means?.fScore ?? Self.absent)
    if let classes { figures += classes.means(in: row) }
    return figures
  }
}
