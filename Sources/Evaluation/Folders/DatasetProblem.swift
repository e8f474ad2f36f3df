/// Something that is wrong with a data set on disk.
public struct DatasetProblem: Codable, Hashable, Sendable {
  /// The name of the clip's folder; nil when the data set as a whole is meant.
  public var clip: String?

  /// What is wrong and where, in one sentence.
  public var problem: String

  /// Notes a problem.
  public init(clip: String?, problem: String) {
    self.clip = clip
    self.problem = problem
  }
}
