import Foundation
import Jobs
import JobsPostgres
import Postgres
import TestSupport
import Testing

/// Queues of every earlier schema, in the middle of their work, brought up to date.
@Suite struct UpgradeDataTests {
  /// Collections with results, as the schema has kept them from the beginning.
  private static let results = """
    INSERT INTO collection (name) VALUES ('c');
    INSERT INTO video (sha256, bytes) VALUES (repeat('1', 64), 7);
    INSERT INTO clip (collection_id, name, video_id, location)
    SELECT collection.id, 'one', video.id, 'file:///one.mp4' FROM collection, video;
    INSERT INTO model (name, sha256, task) VALUES ('m', repeat('2', 64), 'ssu');
    INSERT INTO truth (clip_id, document) SELECT id, '{"id": "one"}' FROM clip;
    INSERT INTO prediction (
      video_id, model_id, document, decode_seconds, model_seconds, total_seconds, host, job_id)
    SELECT video.id, model.id, '{"frames": []}', 1, 2, 3, 'box', 1 FROM video, model;
    INSERT INTO clip_score (clip_id, model_id, document)
    SELECT clip.id, model.id, '{"mIoU": 1}' FROM clip, model;
    """

  /// Twelve jobs: 1 and 2 done, 3 failed, 4 and 5 running, 6 called off, 7 to be tried again in an
  /// hour, 8 to 11 waiting, 12 for later.
  private static let jobs = """
    SELECT enqueue_jobs(
      array_fill('look'::text, ARRAY[12]), ARRAY(SELECT number::text FROM generate_series(1, 12) AS number),
      array_fill('{"a": 1}'::json, ARRAY[12]), array_fill('c'::text, ARRAY[12]),
      array_fill(0, ARRAY[12]), array_fill(5, ARRAY[12]),
      array_fill(NULL::float8, ARRAY[11]) || 7200::float8);
    SELECT claim_jobs(
      ARRAY['look'], ARRAY[NULL]::integer[], ARRAY[NULL]::bigint[], ARRAY[NULL]::bigint[], 7, 77,
      '6f1f9dd8-0000-4000-8000-000000000001', 'box', 600, true, true, NULL, false);
    SELECT finish_jobs(ARRAY[1, 2]::bigint[], ARRAY[77, 77]::bigint[]);
    WITH over AS (DELETE FROM running WHERE job_id IN (3, 6, 7) RETURNING *),
    told AS (
      INSERT INTO attempt (job_id, number, token, host, started_at, outcome, message)
      SELECT job_id, attempts, token, host, started_at,
        CASE job_id WHEN 6 THEN 'cancelled' ELSE 'error' END,
        CASE WHEN job_id <> 6 THEN 'No luck.' END FROM over
    ),
    counted AS (
      INSERT INTO setback (job_id, errors, failure_kind, failure_message)
      SELECT job_id, 1, 'error', 'No luck.' FROM over WHERE job_id <> 6
    ),
    later AS (
      INSERT INTO delayed (job_id, due, group_id, attempts, kind_id)
      SELECT job_id, now() + interval '1 hour', group_id, attempts, kind_id FROM over WHERE job_id = 7
    )
    INSERT INTO finished (job_id, token, started_at, group_id, attempts, kind_id, state, host)
    SELECT job_id, token, started_at, group_id, attempts, kind_id,
      CASE job_id WHEN 3 THEN 'failed' ELSE 'cancelled' END, host FROM over WHERE job_id <> 7;
    """

  /// Things that people have set, which came with steering.
  private static let steering = """
    INSERT INTO kind_policy (kind, max_errors, time_limit) VALUES ('look', 9, '1 hour');
    INSERT INTO job_limit (kind, group_name, max_running, starts, every, left_over, counted_at)
    VALUES ('look', '', 50, 100, '1 second', 100, now());
    SELECT give_lane('held');
    INSERT INTO pause (kind, group_name) VALUES ('', 'held');
    SELECT enqueue_jobs(ARRAY['look'], ARRAY['held'], ARRAY['{}']::json[], ARRAY['held']);
    """

  /// Jobs that wait for running ones, one that needs the success of the failed one, and an output.
  private static let dependencies = """
    SELECT enqueue_jobs(
      ARRAY['judge', 'tell', 'judge'], ARRAY['4', 'all', '3'], ARRAY['{}', '{}', '{}']::json[],
      ARRAY['c', 'c', 'c']);
    SELECT add_dependencies(
      ARRAY['judge', 'tell', 'tell', 'judge'], ARRAY['4', 'all', 'all', '3'],
      ARRAY['look', 'look', 'look', 'look'], ARRAY['4', '4', '5', '3']);
    INSERT INTO job_output (job_id, document) VALUES (1, '{"frames": 3}');
    """

  /// An array in the middle of its work with one that follows it, one that is called off, and schedules.
  private static let arrays = """
    WITH first AS MATERIALIZED (SELECT enqueue_array('part', 'a', '{}', 'c', 1500) AS id)
    SELECT enqueue_array('after', 'b', '{}', 'c', 1500, after_id => id) FROM first;
    SELECT enqueue_array('part', 'off', '{}', 'c', 10);
    SELECT cancel_arrays(ARRAY(SELECT id FROM job_array WHERE key = 'off'));
    SELECT claim_jobs(
      ARRAY['part'], ARRAY[NULL]::integer[], ARRAY[NULL]::bigint[], ARRAY[NULL]::bigint[], 20, 78,
      '6f1f9dd8-0000-4000-8000-000000000001', 'box', 600, true, true, NULL, false);
    INSERT INTO schedule (name, kind, group_name, payload, cron, next_at)
    VALUES ('nightly', 'prune', 'upkeep', '{}', '0 4 * * *', now() + interval '1 day');
    """

  private func onUpgraded(
    from version: Int, _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    let parts: [(from: Int, sql: String)] = [
      (2, Self.results), (3, Self.jobs), (4, Self.steering), (5, Self.dependencies),
      (7, Self.arrays),
    ]
    try await UpgradeTests.onUpgraded(
      from: String(format: "%04d~", version),
      parts.filter { $0.from <= version }.map(\.sql).joined(separator: "\n"), body)
  }

  @Test(arguments: 3...9)
  func `work goes on where it was`(version: Int) async throws {
    try await onUpgraded(from: version) { queue, pool in
      let looks = try await queue.list(
        JobFilter(group: "c", kind: "look"), limit: 20, offset: 0
      ).jobs
      #expect(looks.map(\.key) == (1...12).map(String.init))
      #expect(
        looks.map(\.state) == [
          .done, .done, .failed, .running, .running, .cancelled, .waiting, .waiting, .waiting,
          .waiting, .waiting, .waiting,
        ])
      #expect(looks.map(\.attempts) == [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
      #expect(looks[2].failure?.message == "No luck." && looks[6].strikes.errors == 1)
      #expect(
        looks.allSatisfy { $0.maxErrors == (version < 4 ? 5 : 9) && $0.payload == #"{"a": 1}"# })
      #expect(looks[11].notBefore.timeIntervalSinceNow > 3600)
      #expect(try await queue.show(3)?.attempts.map(\.message) == ["No luck."])
      #expect(looks[2].host == "box" && looks[2].startedAt != nil)
      let vain = JobFilter(kind: "judge", keys: ["3"])
      if version >= 5 {
        let judge = try #require(await queue.list(vain, limit: 1, offset: 0).jobs.first)
        #expect(judge.state == .cancelled && judge.prerequisite == looks[2].id)
      }

      // A worker that was there before ends its attempts.
      for job in [looks[3], looks[4]] {
        #expect(try await queue.finish(Lease(job: job.id, token: 77)) { _ in })
      }
      let claimed = try await queue.claim(
        kinds: ["look", "judge", "tell"], limit: 9, by: worker, for: .seconds(60))
      var expected = Set(["look 8", "look 9", "look 10", "look 11"])
      if version >= 5 { expected.formUnion(["judge 4", "tell all"]) }
      #expect(Set(claimed.map { "\($0.kind) \($0.key)" }) == expected)
      #expect(claimed.filter { $0.kind == "look" }.map(\.key) == ["8", "9", "10", "11"])
      #expect(
        try await queue.enqueue([NewJob(kind: "look", key: "3", payload: "{}", group: "c")]) == 0)
      #expect(try await queue.retry(JobFilter(ids: [looks[2].id])) == 1)
      if version >= 5 {
        #expect(try await queue.list(vain, limit: 1, offset: 0).jobs.map(\.waitsFor) == [1])
      }
      let results = try await pool.withConnection {
        try await $0.query(
          """
          SELECT (SELECT count(*) FROM clip JOIN truth ON clip_id = clip.id) AS truths,
            (SELECT count(*) FROM prediction WHERE job_id = 1) AS predictions,
            (SELECT count(*) FROM clip_score) AS scores
          """)[0]
      }
      for column in ["truths", "predictions", "scores"] {
        #expect(try results.decode(column, as: Int.self) == 1, "\(column)")
      }
      if version >= 4 {
        #expect(try await queue.pauses().map(\.scope) == [JobScope(group: "held")])
        #expect(try await queue.limits().map(\.maxRunning) == [50])
      }
      if version >= 5 { #expect(try await queue.show(1)?.output == #"{"frames": 3}"#) }
    }
  }

  @Test(arguments: 7...9) func `arrays go on where they were`(version: Int) async throws {
    try await onUpgraded(from: version) { queue, _ in
      #expect(try await queue.schedules().readable.map(\.name) == ["nightly"])
      let before = try await queue.arrays()
      #expect(
        before.map(\.counts) == [
          [.running: 20, .waiting: 1480], [.waiting: 1500], [.cancelled: 10],
        ])
      let held = try await queue.jobs(ofArray: before[0].id, indices: Array(0..<20))
      for job in held { #expect(try await queue.finish(Lease(job: job, token: 78)) { _ in }) }
      var done = [String: Int]()
      for _ in 0..<20 {
        try await Task.sleep(for: .milliseconds(110))
        let jobs = try await queue.claim(
          kinds: ["part", "after"], limit: 400, by: worker, for: .seconds(60))
        for job in jobs { done[job.kind, default: 0] += 1 }
        _ = try await queue.finish(
          jobs.map(\.lease), claiming: [], limit: 0, by: worker, for: .seconds(60))
        if try await queue.isDrained(kinds: ["part", "after"]) { break }
      }
      #expect(done == ["part": 1480, "after": 1500])
      #expect(
        try await queue.arrays().map(\.counts) == [
          [.done: 1500], [.done: 1500], [.cancelled: 10],
        ])
    }
  }
}
