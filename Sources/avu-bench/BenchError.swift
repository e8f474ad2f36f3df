/// Why something cannot be measured.
enum BenchError: Error, CustomStringConvertible {
  /// There is nothing to measure with.
  case noClips(folder: String)

  /// A program did not do what it should.
  case failed(program: String, reason: String)

  /// Something took more than it may.
  case overBudget([String])

  /// One sentence that says what to do.
  var description: String {
    switch self {
    case .noClips(let folder):
      "\(folder) has no folder with a video.mp4; name a folder of clips with --clips."
    case .failed(let program, let reason):
      "\(program) failed: \(reason)."
    case .overBudget(let problems):
      "Over budget: \(problems.joined(separator: "; "))."
    }
  }
}
