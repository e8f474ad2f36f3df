import Foundation
import Postgres
import Testing

/// Roles of the server that may do their part and nothing else.
@Suite(.serialized) struct RoleTests {
  private static let clip = Program.checkout + "/samples/dog-then-pigeon"

  /// A database with a role for each profile; gives what the program is run with as one of them.
  private func withRoles(
    _ body: (Home, _ role: @escaping (String) -> [String: String]) async throws -> Void
  ) async throws {
    try await Home.with { home in
      let started = try await home.run("db", "start")
      #expect(started.status == 0, "\(started.error)")
      let target = try await PrivateCluster(home: home.path + "/home").start()
      let owner = try await Connection.connect(to: target)
      for profile in ["reader", "worker", "submitter"] {
        try await owner.executeScript("CREATE ROLE \"the \(profile)\" LOGIN")
        let granted = try await home.run("db", "grant", "the \(profile)", "--as", profile)
        #expect(granted.status == 0, "\(granted.error)")
      }
      await owner.close()
      guard case .socket(let directory, let database, _) = target.address else {
        Issue.record("\(target)")
        return
      }
      try await body(home) { profile in
        [
          "AVU_DATABASE_URL":
            "host='\(directory)' port=5432 dbname='\(database)' user='the \(profile)'"
        ]
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `Submitter, worker and reader do a collection together`() async throws {
    try await withRoles { home, role in
      func run(_ profile: String, _ commands: [[String]]) async throws {
        for command in commands {
          let result = try await Program.run(command, environment: role(profile))
          let isAllowed = !result.error.contains("permission denied")
          #expect(result.status == 0 && isAllowed, "\(profile): \(command): \(result.error)")
        }
      }
      try await run(
        "submitter",
        [
          ["submit", Self.clip, "--collection", "dogs", "--truth", Program.checkout + "/samples"],
          // Limits of a collection give it a lane of its own; rates are counted by claims.
          ["queue", "policy", "set", "--collection", "dogs", "--running", "2", "--rate", "100/s"],
          ["queue", "policy", "set", "--kind", "infer", "--errors", "2"],
          ["queue", "pause", "--collection", "dogs"], ["queue", "resume"],
          ["jobs", "prioritize", "--priority", "3", "--all"],
          ["jobs", "snooze", "--delay", "1h", "--all"],
          ["jobs", "snooze", "--delay", "0s", "--all"],
          ["jobs", "cancel", "--all"], ["jobs", "retry", "--all"],
          ["queue", "schedule", "add", "often", "--every", "1s"],
          ["queue", "schedule", "pause", "often"], ["queue", "schedule", "resume", "often"],
        ])
      try await run("worker", [["work", "--drain"]])
      try await run(
        "reader",
        [
          ["status"], ["jobs", "list"], ["queue", "metrics"], ["queue", "policy", "show"],
          ["queue", "schedule", "list"], ["report", "build", "--output", home.file("site")],
        ])
      let scored = try await Program.run(
        ["status", "--collection", "dogs", "--json"], environment: role("reader"))
      #expect(scored.output.contains(#""scored" : 1"#), "\(scored.output)")
      try await run(
        "submitter",
        [
          ["queue", "schedule", "remove", "often"],
          [
            "queue", "policy", "set", "--collection", "dogs", "--running", "none", "--rate", "none",
          ],
          ["jobs", "retry", "--all", "--state", "done"], ["queue", "prune", "--older-than", "1h"],
        ])
      // The lane is taken back by the worker, and what was done runs once more.
      try await run("worker", [["work", "--drain"]])
    }
  }

  /// What each profile may change besides looking: `i`nsert, `d`elete, `t`runcate, and the columns that
  /// it may update (`*` for all). A table without a line may only be looked at.
  private static let rights: [String: [String: String]] = [
    "reader": [:],
    "worker": [
      "model": "i", "prediction": "i", "clip_score": "i *", "job": "i d", "job_kind": "i",
      "job_group": "i has_lane", "job_flow": "i *", "turn": "i *", "ready": "i d *",
      "delayed": "i d *", "blocked": "i d *", "dependency": "i d", "running": "i d *",
      "finished": "i d *", "setback": "i d *", "attempt": "i d", "job_output": "i d *",
      "worker": "i d *", "sleeper": "i d", "job_limit": "counted_at left_over",
      "schedule": "last_at next_at", "job_array": "d mark_job mark_rank reached skipped",
      "array_input": "d", "array_waiter": "d",
    ],
    "submitter": [
      "collection": "i *", "video": "i", "clip": "i *", "truth": "i *", "clip_score": "d",
      "job": "i d priority rank", "job_kind": "i", "job_group": "i has_lane", "job_flow": "i *",
      "ready": "i d", "delayed": "i d", "blocked": "i d *", "dependency": "i d",
      "running": "d progress", "finished": "i d host", "setback": "i d prerequisite",
      "attempt": "i d", "job_output": "d", "job_array": "i d *", "array_input": "i d",
      "array_waiter": "i d",
      "pause": "i d", "job_limit": "i d", "kind_policy": "i d", "schedule": "i d *",
    ],
  ]

  @Test(.timeLimit(.minutes(2)))
  func `Each may change what it needs of each table, and nothing else`() async throws {
    try await withRoles { home, role in
      for profile in ["reader", "worker", "submitter"] {
        let connection = try await Connection.connect(
          to: ConnectionTarget(.url(role(profile)["AVU_DATABASE_URL"] ?? ""), schema: "avu"))
        let columns = try await connection.query(
          """
          SELECT relname::text AS table, array_to_json(array_agg(attname ORDER BY attname))::text AS
            columns
          FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
          WHERE relnamespace = 'avu'::regnamespace AND relkind = 'r' AND attidentity <> 'a'
          GROUP BY relname ORDER BY relname
          """)
        #expect(columns.count > 25)
        for row in columns {
          let table: String = try row.decode("table")
          let names = try JSONDecoder().decode(
            [String].self, from: Data(row.decode("columns", as: String.self).utf8))
          var found: [String] = []
          if try await may("INSERT INTO \(table) DEFAULT VALUES", connection) { found.append("i") }
          if try await may("DELETE FROM \(table) WHERE false", connection) { found.append("d") }
          if try await may("TRUNCATE \(table)", connection) { found.append("t") }
          var open: [String] = []
          for name in names
          where try await may("UPDATE \(table) SET \(name) = \(name) WHERE false", connection) {
            open.append(name)
          }
          found += open == names && names.count > 1 ? ["*"] : open
          let expected = Self.rights[profile]?[table] ?? ""
          #expect(found.joined(separator: " ") == expected, "\(profile): \(table)")
          #expect(try await may("SELECT FROM \(table) LIMIT 0", connection))
        }
        for forbidden in [
          "DROP TABLE pause", "CREATE TABLE avu.mine (id integer)",
          "ALTER TABLE job DISABLE TRIGGER ALL",
          "UPDATE schema_migration SET number = 1", "CREATE OR REPLACE VIEW job_status AS SELECT 1",
          "DROP FUNCTION ring_bell",
        ] {
          #expect(try await !may(forbidden, connection), "\(profile): \(forbidden)")
        }
        await connection.close()
      }
      let unknown = try await home.run("db", "grant", "nobody here", "--as", "reader")
      #expect(unknown.status == 2 && unknown.error.contains("nobody here"), "\(unknown.error)")
    }
  }

  /// Whether the server lets a role do something, were it not for its sense; nothing of it is kept.
  private func may(_ sql: String, _ connection: Connection) async throws -> Bool {
    try await connection.executeScript("BEGIN")
    do {
      try await connection.executeScript(sql)
    } catch {
      try await connection.executeScript("ROLLBACK")
      guard case .server(let state, _, _, _) = error else { throw error }
      return state != "42501"
    }
    try await connection.executeScript("ROLLBACK")
    return true
  }

  @Test(.timeLimit(.minutes(2)))
  func `None of them may do another's part`() async throws {
    try await withRoles { home, role in
      let submit = ["submit", Self.clip, "--collection", "dogs"]
      for (profile, command) in [
        ("reader", submit), ("worker", submit), ("reader", ["queue", "pause"]),
        ("worker", ["queue", "pause"]), ("worker", ["queue", "resume"]),
        ("worker", ["queue", "schedule", "add", "x", "--every", "1h"]),
        ("worker", ["queue", "policy", "set", "--running", "1"]),
        ("reader", ["work", "--drain"]), ("submitter", ["work", "--drain"]),
        ("reader", ["db", "grant", "the reader", "--as", "worker"]),
      ] {
        let refused = try await Program.run(command, environment: role(profile))
        #expect(refused.status != 0, "\(profile): \(command)")
        #expect(refused.error.contains("permission denied"), "\(profile): \(refused.error)")
      }
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `A migration narrows what an earlier version granted`() async throws {
    try await withRoles { home, role in
      let target = try await PrivateCluster(home: home.path + "/home").start()
      let owner = try await Connection.connect(to: target)
      try await owner.executeScript(
        """
        GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA avu TO "the worker";
        ALTER DEFAULT PRIVILEGES IN SCHEMA avu GRANT INSERT ON TABLES TO "the worker"
        """)
      let migrated = try await home.run("db", "migrate")
      #expect(migrated.status == 0, "\(migrated.error)")
      for (name, table, right) in [
        ("the worker", "pause", "DELETE"), ("the worker", "prediction", "INSERT"),
        ("the submitter", "clip", "INSERT"), ("the reader", "clip", "SELECT"),
        ("the reader", "clip", "INSERT"),
      ] {
        let row = try await owner.query(
          "SELECT has_table_privilege($1, $2, $3) AS may",
          [.text(name), .text("avu." + table), .text(right)])[0]
        let expected = table != "pause" && !(name == "the reader" && right == "INSERT")
        #expect(try row.decode("may", as: Bool.self) == expected, "\(name): \(table), \(right)")
      }
      await owner.close()
    }
  }
}
