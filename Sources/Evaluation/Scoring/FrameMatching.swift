/// Which predicted moment belongs to which annotated one.
public enum FrameMatching {
  /// Pairs annotated times with the nearest predicted times within half a step of the annotation.
  ///
  /// - Parameters:
  ///   - truth: Ascending times in seconds.
  ///   - prediction: Ascending times in seconds.
  /// - Returns: For each annotated time, the index of its predicted time, or nil.
  public static func matches(truth: [Double], prediction: [Double]) -> [Int?] {
    let tolerance = step(truth) ?? step(prediction) ?? 1
    var place = 0
    return truth.map { time in
      while place + 1 < prediction.count,
        abs(prediction[place + 1] - time) < abs(prediction[place] - time)
      {
        place += 1
      }
      guard place < prediction.count, abs(prediction[place] - time) <= tolerance / 2 + 1e-6
      else { return nil }
      return place
    }
  }

  /// The median distance of neighbouring times.
  private static func step(_ times: [Double]) -> Double? {
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
    return steps.isEmpty ? nil : steps[steps.count / 2]
  }
}
