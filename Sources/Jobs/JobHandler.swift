/// Does the jobs of one kind.
public protocol JobHandler<Transaction>: Sendable {
  /// What effects are stored through.
  associatedtype Transaction

  /// Does a job, without storing anything.
  ///
  /// When the task is cancelled, the attempt is over: the job was called off, the lease is lost,
  /// or the worker ends. Return or throw soon then; the result is dropped or done again.
  ///
  /// - Parameters:
  ///   - job: What to do.
  ///   - progress: Takes the part that is done, 0 to 1, as often as it likes.
  /// - Returns: What stores the result; it runs in the transaction that marks the job as done, and
  ///   again from the start when that transaction has to be repeated. Nil when there is nothing to
  ///   store: such jobs are marked as done many at a time, so small ones cost little.
  /// - Throws: ``JobFailure``; any other error counts as one that is not permanent.
  func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Transaction) async throws -> Void)?
}
