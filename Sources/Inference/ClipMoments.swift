/// The moments at which a clip is looked at: the middle of each `1 / frameRate` seconds.
struct ClipMoments: Hashable {
  /// The moments, in seconds from the start of the clip; ascending, at least one.
  let times: [Double]

  /// Divides a clip.
  ///
  /// A last piece shorter than half a step has no moment of its own; a clip shorter than that is
  /// looked at in its middle.
  ///
  /// - Parameters:
  ///   - duration: The clip's length in seconds; at least 0.
  ///   - frameRate: Moments in each second; above 0.
  init(duration: Double, frameRate: Double) {
    precondition(frameRate > 0, "\(frameRate) moments a second")
    let count = Int((max(0, duration) * frameRate).rounded())
    guard count > 0 else {
      times = [max(0, duration) / 2]
      return
    }
    times = (0..<count).map { (Double($0) + 0.5) / frameRate }
  }

  /// Where the second around a moment begins, in seconds: what the model listens to.
  func second(at index: Int) -> Double { times[index] - 0.5 }
}
