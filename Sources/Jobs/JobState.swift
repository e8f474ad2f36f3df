/// Where a job stands. The database repeats these in a check.
///
/// Jobs that wait or run are never deleted. One that has ended stays, for its key keeps it from being
/// queued twice, until `avu queue prune` forgets what ended long ago; not while another job waits
/// for it.
///
/// ```
///           claim              finish
///  waiting ───────▶ running ───────────▶ done
///     ▲               │ │ fail, rescue
///     ├───────────────┘ ├───────────────▶ failed        errors used up, or a permanent one
///     │ retry later,    └───────────────▶ quarantined   it keeps killing its process
///     │ hand back
///     └── retry ◀─ done, failed, quarantined, cancelled ◀── cancel ── waiting, running
/// ```
public enum JobState: String, CaseIterable, Codable, Sendable {
  /// To be done, now or after a pause. Enters: `enqueue`, a failure that is tried again, a lease
  /// that ran out, `handBack`, `retry`. Leaves: `claim`, `cancel`.
  case waiting

  /// Held by a worker under a lease. Enters: `claim`. Leaves: whatever ends the attempt, each
  /// naming the lease: `finish`, `fail`, `handBack`; and `rescueExpired`, `cancel`.
  case running

  /// Its effects are stored. Enters: `finish`, in the transaction of the effects. Leaves: `retry`.
  case done

  /// Given up after errors. Enters: `fail`. Leaves: `retry`.
  case failed

  /// Set aside because its process died again and again. Enters: `fail`, `rescueExpired`. Leaves:
  /// `retry`.
  case quarantined

  /// Called off by a person, or because a job whose success it needs ended without; a running attempt is
  /// stopped and keeps nothing. Enters: `cancel`, and when the other job fails, is quarantined or called
  /// off. Leaves: `retry`, also that of the other job.
  case cancelled

  /// Whether nothing more happens unless a person asks for it.
  public var isFinal: Bool { self != .waiting && self != .running }
}
