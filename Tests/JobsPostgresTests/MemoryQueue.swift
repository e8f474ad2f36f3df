import Foundation
import Jobs

/// A queue that forgets everything at the end of the test. It shows what the contract asks for
/// without SQL, and keeps tests from resting on what only PostgreSQL happens to do.
actor MemoryQueue: JobQueue {
  private struct Entry {
    var record: JobRecord
    var token: Int64?
    var worker: UUID?
    var leaseUntil = Date.distantPast
    var attempts: [AttemptRecord] = []
    var doneBy: Int64?
    var rank = 0
  }

  /// Jobs of one kind, collection and priority.
  private struct Flow: Hashable {
    var kind, group: String
    var priority: Int

    init(_ job: JobRecord) { (kind, group, priority) = (job.kind, job.group, job.priority) }
  }

  private let policy: RetryPolicy
  private var entries: [Entry] = []
  private var ranks: [Flow: Int] = [:]
  private var turns: [Int: Int] = [:]
  private var known: [WorkerIdentity: (started: Date, seen: Date)] = [:]
  private var paused: [Pause] = []
  private var bells: [AsyncStream<Void>.Continuation] = []
  private(set) var notes: [String] = []

  init(policy: RetryPolicy) { self.policy = policy }

  func enqueue(_ jobs: [NewJob]) -> Int {
    let before = entries.count
    for job in jobs
    where job.key == nil
      || !entries.contains(where: { $0.record.kind == job.kind && $0.record.key == job.key })
    {
      var record = JobRecord(
        id: Int64(entries.count + 1), job: job, state: .waiting, createdAt: Date())
      record.notBefore += job.delay.inSeconds
      entries.append(Entry(record: record, rank: nextRank(record)))
    }
    if entries.count > before { ring() }
    return entries.count - before
  }

  func claim(
    kinds: [String], limit: Int, by worker: WorkerIdentity, for lease: Duration
  ) -> [ClaimedJob] {
    let now = Date()
    let token = Int64.random(in: .min ... .max)
    let due = entries.indices.filter { index in
      let job = entries[index].record
      return job.state == .waiting && job.notBefore <= now && kinds.contains(job.kind)
        && !paused.contains { $0.scope.contains(kind: job.kind, group: job.group) }
    }
    return due.sorted { place(entries[$0]) < place(entries[$1]) }.prefix(limit).map { index in
      turns[entries[index].record.priority] = entries[index].rank
      entries[index].record.state = .running
      entries[index].record.attempts += 1
      entries[index].record.waitReason = nil
      entries[index].record.progress = 0
      entries[index].record.startedAt = now
      entries[index].record.host = worker.host
      entries[index].token = token
      entries[index].worker = worker.id
      entries[index].leaseUntil = now + lease.inSeconds
      let job = entries[index].record
      return ClaimedJob(
        lease: Lease(job: job.id, token: token), kind: job.kind, key: job.key, group: job.group,
        payload: job.payload, attempt: job.attempts, priority: job.priority)
    }
  }

  private func place(_ entry: Entry) -> (Int, Int, Int64) {
    (-entry.record.priority, entry.rank, entry.record.id)
  }

  /// Flows take turns; one that was idle begins where claims are.
  private func nextRank(_ job: JobRecord) -> Int {
    let rank = max(ranks[Flow(job), default: 0], turns[job.priority, default: 0]) + 1
    ranks[Flow(job)] = rank
    return rank
  }

  func heartbeat(
    _ worker: WorkerIdentity, holding leases: [Lease: Double], for lease: Duration
  ) -> HeartbeatReply {
    let now = Date()
    known[worker] = (known[worker]?.started ?? now, now)
    var reply = HeartbeatReply(
      paused: Set(paused.filter { $0.scope.group == nil }.map(\.scope.kind)))
    for (held, progress) in leases {
      if let index = index(of: held) {
        entries[index].leaseUntil = now + lease.inSeconds
        entries[index].record.progress = progress
      } else if entries[Int(held.job) - 1].record.state == .cancelled {
        reply.cancelled.insert(held)
      } else {
        reply.lost.insert(held)
      }
    }
    return reply
  }

  func finish(
    _ lease: Lease, effects: @Sendable (Draft) async throws -> Void
  ) async throws -> Bool {
    guard index(of: lease) != nil else { return entries[Int(lease.job) - 1].doneBy == lease.token }
    let draft = Draft()
    try await effects(draft)
    let written = await draft.notes
    // Others may have come in between while the effects were written.
    guard let index = index(of: lease) else { return false }
    notes += written
    entries[index].doneBy = lease.token
    end(index, .done, .done)
    return true
  }

  func finish(
    _ leases: [Lease], claiming kinds: [String], limit: Int, by worker: WorkerIdentity,
    for lease: Duration
  ) -> (done: Set<Lease>, claimed: [ClaimedJob]) {
    for lease in leases {
      guard let index = index(of: lease) else { continue }
      entries[index].doneBy = lease.token
      end(index, .done, .done)
    }
    return (
      Set(leases.filter { entries[Int($0.job) - 1].doneBy == $0.token }),
      claim(kinds: kinds, limit: limit, by: worker, for: lease)
    )
  }

  func fail(_ lease: Lease, _ failure: JobFailure) -> JobState? {
    guard let index = index(of: lease) else { return nil }
    fail(index, failure)
    return entries[index].record.state
  }

  func snooze(_ lease: Lease, for delay: Duration, because reason: String) -> Bool {
    guard let index = index(of: lease) else { return false }
    entries[index].record.notBefore = Date() + delay.inSeconds
    end(index, .waiting, .handedBack)
    entries[index].record.waitReason = reason
    entries[index].attempts.removeLast()
    entries[index].record.attempts -= 1
    return true
  }

  func handBack(_ leases: [Lease]) {
    for index in leases.compactMap(index) { end(index, .waiting, .handedBack) }
    ring()
  }

  func rescueExpired() -> Int {
    let expired = entries.indices.filter {
      entries[$0].token != nil && entries[$0].leaseUntil < Date()
    }
    for index in expired { fail(index, JobFailure(message: "Nothing was heard.", kind: .lost)) }
    return expired.count
  }

  private func fail(_ index: Int, _ failure: JobFailure) {
    let verdict = policy.judge(
      failure, strikes: entries[index].record.strikes, maxErrors: entries[index].record.maxErrors)
    entries[index].record.strikes = verdict.strikes
    entries[index].record.failure = .init(kind: failure.kind, message: failure.message)
    entries[index].record.notBefore = Date() + verdict.pause.inSeconds
    end(index, verdict.state, .failed(failure.kind), failure.message)
  }

  private func end(
    _ index: Int, _ state: JobState, _ outcome: AttemptOutcome, _ message: String? = nil
  ) {
    let job = entries[index].record
    if let host = job.host, let startedAt = job.startedAt {
      entries[index].attempts.append(
        AttemptRecord(
          number: job.attempts, host: host, startedAt: startedAt, endedAt: Date(),
          outcome: outcome, message: message))
    }
    entries[index].record.state = state
    entries[index].record.finishedAt = state.isFinal ? Date() : nil
    if !state.isFinal {
      entries[index].record.startedAt = nil
      entries[index].record.host = nil
    }
    entries[index].record.progress = nil
    entries[index].token = nil
    entries[index].worker = nil
  }

  private func index(of lease: Lease) -> Int? {
    let index = Int(lease.job) - 1
    return entries[index].token == lease.token ? index : nil
  }

  private func ring() { bells.forEach { $0.yield() } }
}

// Looking and steering.
extension MemoryQueue {
  func leave(_ worker: WorkerIdentity) { known[worker] = nil }

  func wakeUps() -> AsyncStream<Void> {
    let (rings, continuation) = AsyncStream.makeStream(of: Void.self)
    bells.append(continuation)
    return rings
  }

  func isDrained(kinds: [String]) -> Bool {
    !entries.contains { !$0.record.state.isFinal && kinds.contains($0.record.kind) }
  }

  nonisolated func isOutage(_ error: any Error) -> Bool { false }

  func counts(finishedWithin window: Duration) -> [JobCount] {
    struct Place: Hashable { let group: String, kind: String, state: JobState }
    let places = Dictionary(grouping: entries.map(\.record)) {
      Place(group: $0.group, kind: $0.kind, state: $0.state)
    }
    return places.map { place, jobs in
      let lately = jobs.compactMap(\.finishedAt).filter { $0 > Date() - window.inSeconds }
      return JobCount(
        group: place.group, kind: place.kind, state: place.state, count: jobs.count,
        finishedLately: lately.count,
        latelySeconds: lately.min().map { Date().timeIntervalSince($0) } ?? 0)
    }
  }

  func list(_ filter: JobFilter, limit: Int, offset: Int) -> JobPage {
    let jobs = indices(filter).map { entries[$0].record }
    return JobPage(jobs: Array(jobs.dropFirst(offset).prefix(limit)), total: jobs.count)
  }

  func show(_ job: Int64) -> JobDetails? {
    guard let entry = entries.first(where: { $0.record.id == job }) else { return nil }
    return JobDetails(job: entry.record, attempts: entry.attempts)
  }

  func retry(_ filter: JobFilter) -> Int {
    let chosen = indices(filter).filter { entries[$0].record.state.isFinal }
    for index in chosen {
      entries[index].record.state = .waiting
      entries[index].record.strikes = Strikes()
      entries[index].record.failure = nil
      entries[index].record.finishedAt = nil
      entries[index].record.startedAt = nil
      entries[index].record.host = nil
      entries[index].record.notBefore = Date()
      entries[index].rank = nextRank(entries[index].record)
    }
    ring()
    return chosen.count
  }

  func cancel(_ filter: JobFilter) -> Int {
    let chosen = indices(filter).filter { !entries[$0].record.state.isFinal }
    for index in chosen { end(index, .cancelled, .cancelled) }
    return chosen.count
  }

  private func indices(_ filter: JobFilter) -> [Int] {
    entries.indices.filter { index in
      let job = entries[index].record
      return filter.ids?.contains(job.id) ?? true && filter.states?.contains(job.state) ?? true
        && filter.group.map { $0 == job.group } ?? true
        && filter.kind.map { $0 == job.kind } ?? true && filter.keys?.contains(job.key) ?? true
    }
  }

  func prioritize(_ filter: JobFilter, priority: Int) -> Int {
    let chosen = indices(filter).filter {
      entries[$0].record.state == .waiting && entries[$0].record.priority != priority
    }
    for index in chosen {
      entries[index].record.priority = priority
      entries[index].rank = nextRank(entries[index].record)
    }
    ring()
    return chosen.count
  }

  func postpone(_ filter: JobFilter, by delay: Duration) -> Int {
    let chosen = indices(filter).filter { entries[$0].record.state == .waiting }
    for index in chosen { entries[index].record.notBefore = Date() + delay.inSeconds }
    ring()
    return chosen.count
  }

  func pause(_ scope: JobScope) {
    if !paused.contains(where: { $0.scope == scope }) {
      paused.append(Pause(scope: scope, since: Date()))
    }
  }

  func resume(_ scope: JobScope) {
    paused.removeAll { scope == .everything || $0.scope == scope }
    ring()
  }

  func pauses() -> [Pause] { paused }

  func workers() -> [WorkerRecord] {
    known.map { identity, times in
      WorkerRecord(
        identity: identity, startedAt: times.started,
        silentSeconds: Date().timeIntervalSince(times.seen),
        running: entries.count { $0.worker == identity.id })
    }
  }
}

/// Notes of a transaction that is not committed yet.
actor Draft {
  private(set) var notes: [String] = []

  func write(_ note: String) { notes.append(note) }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
