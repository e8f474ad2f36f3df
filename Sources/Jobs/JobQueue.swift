/// A queue of jobs that many workers on many machines share.
///
/// An attempt belongs to the worker that claimed the job, under a ``Lease`` that it renews with
/// ``heartbeat(_:holding:for:)``. Every call that ends an attempt names the lease and does nothing
/// once it is lost. Effects are stored in the transaction that marks the job as done, so they
/// happen exactly once, whoever dies when. Times are those of the queue's own clock.
public protocol JobQueue: Sendable {
  /// What effects are stored through.
  associatedtype Transaction

  /// Queues jobs, all or none. A job whose kind and key are known is left as it is, whatever its
  /// state; ``retry(_:)`` runs it again.
  ///
  /// - Returns: How many were new.
  /// - Throws: ``JobQueueError/invalidJob(kind:key:reason:)``; errors of the storage.
  func enqueue(_ jobs: [NewJob]) async throws -> Int

  /// Takes jobs that are due and not paused, those of high priority first; in a priority,
  /// collections take turns, and in a collection the oldest comes first.
  ///
  /// While claims follow each other without a pause, a job that came in late may be overlooked for
  /// up to a second.
  ///
  /// - Parameters:
  ///   - kinds: What the worker can do.
  ///   - limit: How many at most.
  ///   - worker: Who asks.
  ///   - lease: How long they are held without a heartbeat.
  /// - Returns: The jobs, each claimed by nobody else.
  /// - Throws: Errors of the storage.
  func claim(
    kinds: [String], limit: Int, by worker: WorkerIdentity, for lease: Duration
  ) async throws -> [ClaimedJob]

  /// Marks jobs as done that leave nothing to store, and takes others in their places: in one
  /// transaction, and one round trip where the storage can.
  ///
  /// Asking again is safe, as after an answer that got lost: what is done stays done, and jobs that
  /// were claimed unheard are claimed again, now or once their leases have run out.
  ///
  /// - Parameters:
  ///   - leases: The attempts that are done.
  ///   - kinds: What the worker can do.
  ///   - limit: How many are claimed at most; none if 0.
  ///   - worker: Who asks.
  ///   - lease: How long they are held without a heartbeat.
  /// - Returns: The attempts that ended their job as done, so not those whose lease was lost; and
  ///   the jobs that were claimed, as ``claim(kinds:limit:by:for:)`` gives them.
  /// - Throws: Errors of the storage; then nothing has changed, or the answer got lost.
  func finish(
    _ leases: [Lease], claiming kinds: [String], limit: Int, by worker: WorkerIdentity,
    for lease: Duration
  ) async throws -> (done: Set<Lease>, claimed: [ClaimedJob])

  /// Says that a worker lives and how far its jobs are, and renews their leases.
  ///
  /// - Parameters:
  ///   - worker: Who lives.
  ///   - leases: What it holds, with the part that is done, 0 to 1.
  ///   - lease: How long they are held from now on.
  /// - Returns: What the worker must know.
  /// - Throws: Errors of the storage.
  func heartbeat(
    _ worker: WorkerIdentity, holding leases: [Lease: Double], for lease: Duration
  ) async throws -> HeartbeatReply

  /// Stores effects and marks the job as done, in one transaction.
  ///
  /// Asking again is safe, as after an answer that got lost: nothing is stored twice.
  ///
  /// - Parameters:
  ///   - lease: The attempt.
  ///   - effects: Stores the result; not called when the lease is lost.
  /// - Returns: Whether the job is done by this attempt; false when its lease was lost, then
  ///   nothing is kept.
  /// - Throws: What `effects` throws, then nothing is kept and the lease still holds; errors of the
  ///   storage.
  func finish(
    _ lease: Lease, effects: @Sendable (Transaction) async throws -> Void
  ) async throws -> Bool

  /// Ends an attempt that came to no result.
  ///
  /// - Returns: The state that the job got (`waiting`: it is tried again); nil when the lease was
  ///   lost.
  /// - Throws: Errors of the storage.
  func fail(_ lease: Lease, _ failure: JobFailure) async throws -> JobState?

  /// Ends an attempt for which it is too early: the job waits, and neither counts the attempt nor
  /// anything against it.
  ///
  /// - Parameters:
  ///   - lease: The attempt.
  ///   - delay: How long the job waits.
  ///   - reason: What for, in one sentence for people.
  /// - Returns: Whether it waits; false when the lease was lost.
  /// - Throws: Errors of the storage.
  func snooze(
    _ lease: Lease, for delay: Duration, because reason: String
  ) async throws -> Bool

  /// Gives jobs back that a worker will not end: they wait again, and nothing counts against them.
  ///
  /// - Throws: Errors of the storage.
  func handBack(_ leases: [Lease]) async throws

  /// Ends the attempts whose leases ran out, and forgets workers that are long gone.
  ///
  /// - Returns: How many attempts were ended.
  /// - Throws: Errors of the storage.
  func rescueExpired() async throws -> Int

  /// Queues jobs that are to be queued again and again, each time once, whoever asks. A schedule that
  /// cannot be queued for does not keep others from it.
  ///
  /// - Returns: When to ask again, and which schedules cannot be queued for.
  /// - Throws: Errors of the storage.
  func enqueueScheduled() async throws -> ScheduleOutcome

  /// Forgets a worker that ends.
  ///
  /// - Throws: Errors of the storage.
  func leave(_ worker: WorkerIdentity) async throws

  /// Rings when there may be jobs to claim. A hint: it may ring for nothing, or not at all.
  ///
  /// - Returns: A stream that ends when it cannot ring any more; ask for another one then.
  /// - Throws: Errors of the storage.
  func wakeUps() async throws -> AsyncStream<Void>

  /// Whether no job of these kinds waits or runs.
  ///
  /// - Throws: Errors of the storage.
  func isDrained(kinds: [String]) async throws -> Bool

  /// Whether an error means that the storage is out of reach for now, so that the same call may
  /// succeed later.
  func isOutage(_ error: any Error) -> Bool

  /// How many jobs there are of each collection, kind and state.
  ///
  /// - Parameter window: For how far back ``JobCount/finishedLately`` counts.
  /// - Returns: The counts that are not zero.
  /// - Throws: Errors of the storage.
  func counts(finishedWithin window: Duration) async throws -> [JobCount]

  /// Jobs in the order they were queued.
  ///
  /// - Parameters:
  ///   - filter: Which ones.
  ///   - limit: How many at most.
  ///   - offset: How many to leave out before.
  /// - Returns: The jobs, and how many there are in all.
  /// - Throws: Errors of the storage.
  func list(_ filter: JobFilter, limit: Int, offset: Int) async throws -> JobPage

  /// A job with its attempts, oldest first.
  ///
  /// - Returns: The job; nil when there is none.
  /// - Throws: Errors of the storage.
  func show(_ job: Int64) async throws -> JobDetails?

  /// Several jobs with their attempts.
  ///
  /// - Returns: Those that there are, in any order.
  /// - Throws: Errors of the storage.
  func show(_ jobs: [Int64]) async throws -> [JobDetails]

  /// Queues ended jobs once more, with nothing counted against them.
  ///
  /// - Returns: How many wait again; those that wait or run are left alone.
  /// - Throws: Errors of the storage.
  func retry(_ filter: JobFilter) async throws -> Int

  /// Calls off waiting and running jobs, at once; workers notice at their next heartbeat.
  ///
  /// - Returns: How many were called off.
  /// - Throws: Errors of the storage.
  func cancel(_ filter: JobFilter) async throws -> Int

  /// Gives waiting jobs another priority; they become the last of their collection in it.
  ///
  /// - Returns: How many have another priority than before.
  /// - Throws: Errors of the storage.
  func prioritize(_ filter: JobFilter, priority: Int) async throws -> Int

  /// Lets waiting jobs not start before a time has passed, whatever they waited for before; they
  /// keep their place in the order. Zero lets them start at once.
  ///
  /// - Returns: How many wait until then.
  /// - Throws: Errors of the storage.
  func postpone(_ filter: JobFilter, by delay: Duration) async throws -> Int

  /// Lets no job of a scope be claimed until ``resume(_:)``; running ones go on.
  ///
  /// - Throws: Errors of the storage.
  func pause(_ scope: JobScope) async throws

  /// Ends the pause of a scope, as it was given to ``pause(_:)``; that of everything ends all pauses.
  ///
  /// - Throws: Errors of the storage.
  func resume(_ scope: JobScope) async throws

  /// What is paused now.
  ///
  /// - Throws: Errors of the storage.
  func pauses() async throws -> [Pause]

  /// The workers that were heard of lately.
  ///
  /// - Throws: Errors of the storage.
  func workers() async throws -> [WorkerRecord]
}

extension JobQueue {
  /// Of a queue without schedules.
  public func enqueueScheduled() async throws -> ScheduleOutcome { ScheduleOutcome() }

  /// Several jobs with their attempts, one after the other.
  public func show(_ jobs: [Int64]) async throws -> [JobDetails] {
    var details: [JobDetails] = []
    for job in jobs {
      if let found = try await show(job) { details.append(found) }
    }
    return details
  }
}
