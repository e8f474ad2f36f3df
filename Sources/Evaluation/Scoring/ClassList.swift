/// All classes that a data set may have, in its own order, for figures that count those that never occur.
struct ClassList: Sendable {
  /// The names; the one of what is no object is among them.
  let names: [String]

  /// Where each of them stands among the classes that occur; nil for one that does not.
  private let places: [Int?]

  /// Gives nil for a data set that lists no classes or in which none occurs.
  ///
  /// - Parameters:
  ///   - names: The data set's classes in their order; `background` comes first where it is not among
  ///     them.
  ///   - found: The names of the classes that occur.
  init?(_ names: [String], found: [String]) {
    if names.isEmpty || found.isEmpty { return nil }
    self.names =
      names.contains(ClassScore.background) ? names : [ClassScore.background] + names
    places = self.names.map { found.firstIndex(of: $0) }
  }

  /// The means over all classes of AVSBench's test of its semantic set, in the order of
  /// ``MetricName/allClasses``: a class that does not occur counts 0, and “noBg” leaves out the last
  /// class, whatever it is.
  ///
  /// - Parameter row: A row of ``ClipTable``.
  /// - Returns: IoU and F over all classes, then over all but the last.
  func means(in row: [Double]) -> [Double] {
    let sums = ClassSums.all(in: row)
    let found = places.map { place in
      place.flatMap { $0 < sums.count && sums[$0].frames > 0 ? sums[$0] : nil }
    }
    func mean(_ sum: KeyPath<ClassSums, Double>, of classes: ArraySlice<ClassSums?>) -> Double {
      let total = classes.reduce(0) { total, sums in
        total + (sums.map { $0[keyPath: sum] / $0.frames } ?? 0)
      }
      return total / Double(max(1, classes.count))
    }
    return [found[...], found.dropLast()].flatMap { classes in
      [mean(\.iou, of: classes), mean(\.fScore, of: classes)]
    }
  }
}
