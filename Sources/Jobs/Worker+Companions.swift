import Logging

// What goes on beside the jobs, each in a task of its own.
extension Worker {
  /// Renews the leases, and stops attempts that the queue has ended.
  func beat() async {
    var told = ContinuousClock.now
    while await rest(settings.heartbeat) {
      // Without jobs there is little to say, and nothing to be told in time.
      if running.isEmpty, ContinuousClock.now - told < settings.idleHeartbeat { continue }
      do {
        let held = running.filter { !$0.value.isOver }.mapValues(\.progress.part)
        let reply = try await queue.heartbeat(identity, holding: held, for: settings.lease)
        told = .now
        noteReach()
        pace = reply.pace
        noteVersion(reply.schemaVersion)
        notePauses(reply.paused)
        stop(reply.lost, because: "The lease was lost.")
        stop(reply.cancelled, because: "The job was cancelled.")
      } catch {
        noteOutage(error)
      }
    }
  }

  /// Says once that the queue is out of reach.
  func noteOutage(_ error: any Error) {
    guard !isCutOff else { return }
    isCutOff = true
    logger.warning("The queue is out of reach; trying again.", metadata: ["reason": "\(error)"])
  }

  /// Says once what is not started, and why.
  func notePauses(_ paused: Set<String?>) {
    if paused.contains(nil) != isPaused {
      isPaused.toggle()
      logger.notice(
        isPaused ? "The queue is paused; its jobs wait until it is resumed." : "The queue goes on.")
    }
    let pausedKinds = Set(kinds).intersection(paused.compactMap(\.self))
    for kind in pausedKinds.subtracting(self.pausedKinds).sorted() {
      logger.notice("Jobs of the kind “\(kind)” are paused; they wait until they are resumed.")
    }
    self.pausedKinds = pausedKinds
  }

  private func noteReach() {
    guard isCutOff else { return }
    isCutOff = false
    logger.notice("The queue is in reach again.")
    bell.ring()
  }

  private func stop(_ leases: Set<Lease>, because reason: Logger.Message) {
    // What was just written down is gone, too.
    for lease in leases where running[lease] != nil && !beingWritten.contains(lease) {
      logger.info(reason, metadata: ["job": "\(lease.job)"])
      running[lease]?.isOver = true
      running[lease]?.cancel()
    }
  }

  /// Passes on what the queue says of new jobs.
  func listen() async {
    repeat {
      guard let wakeUps = try? await queue.wakeUps() else { continue }
      for await _ in wakeUps { bell.ring() }
    } while await rest(settings.poll)
  }

  /// Looks for jobs now and then, for nothing else may say that one became due.
  func poll() async {
    repeat {
      bell.ring()
    } while await rest(
      min(settings.poll, max(pace ?? settings.poll, .milliseconds(100)))
        * Double.random(in: 0.5...1))
  }

  /// Ends the attempts of workers that died.
  func rescue() async {
    repeat {
      guard let count = try? await queue.rescueExpired(), count > 0 else { continue }
      logger.notice("Jobs of a lost worker were taken back.", metadata: ["jobs": "\(count)"])
      bell.ring()
    } while await rest(settings.rescue * Double.random(in: 0.5...1))
  }

  /// Queues what comes again and again when it is time.
  func keepTime() async {
    var pause = settings.rescue
    // Once, however long it lasts.
    var said: Set<ScheduleProblem> = []
    func tell(_ problems: [ScheduleProblem], _ message: Logger.Message) {
      for problem in problems where !said.contains(problem) && !Task.isCancelled {
        logger.warning(
          message, metadata: ["schedule": "\(problem.schedule)", "reason": "\(problem.reason)"])
      }
      said = Set(problems)
    }
    repeat {
      do {
        let outcome = try await queue.enqueueScheduled()
        pause = max(.milliseconds(10), min(outcome.next ?? settings.rescue, settings.rescue))
        tell(outcome.problems, "A schedule queues nothing.")
      } catch {
        pause = settings.rescue
        tell([ScheduleProblem(schedule: "all", reason: "\(error)")], "Schedules queue nothing.")
      }
    } while await rest(pause)
  }

  /// Waits; false when the worker ends.
  private func rest(_ duration: Duration) async -> Bool {
    (try? await Task.sleep(for: duration)) != nil && !Task.isCancelled
  }
}
