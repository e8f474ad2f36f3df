import Foundation
import Testing
import TestSupport

@testable import Postgres

@Suite struct ConnectionTests {
  @Test func `odd texts come back as they were sent`() async throws {
    try await onConnection { connection in
      for text in ["", "ü 漢 🎻", "'; DROP TABLE x; --", "tab\t line\n back\\slash \"q\"", "\u{1}"] {
        let rows = try await connection.query("SELECT $1::text AS it", [.text(text)])
        #expect(try rows[0].decode("it", as: String.self) == text)
      }
    }
  }

  @Test func `every kind of value comes back as it was sent`() async throws {
    try await onConnection { connection in
      let id = UUID()
      let date = Date(timeIntervalSince1970: 1_764_000_000.123456)
      let bytes = (0...255).map { UInt8($0) }
      let sql = """
        SELECT $1::bigint AS i, $2::float8 AS d, $3::boolean AS b, $4::bytea AS y,
          $5::timestamptz AS t, $6::uuid AS u, $7::text[] AS a, cardinality($8::bigint[]) AS n,
          $9::float8 AS inf, $10::text AS nothing, ($7::text[])[3] IS NULL AS hole
        """
      let row = try await connection.query(
        sql,
        [
          .int(.min), .double(0.1), .bool(true), .bytes(bytes), .date(date), .uuid(id),
          .texts(["a,\"b\\", "{}", nil]), .ints([1, -2]), .double(-.infinity), nil,
        ])[0]
      #expect(try row.decode("i", as: Int64.self) == .min)
      #expect(try row.decode("d", as: Double.self) == 0.1)
      #expect(try row.decode("b", as: Bool.self))
      #expect(try row.decode("y", as: [UInt8].self) == bytes)
      let found = try row.decode("t", as: Date.self)
      #expect(abs(found.timeIntervalSince(date)) < 0.000_001)
      #expect(try row.decode("u", as: UUID.self) == id)
      #expect(try row.decode("a", as: String.self) == #"{"a,\"b\\","{}",NULL}"#)
      #expect(try row.decode("n", as: Int.self) == 2)
      #expect(try row.decode("inf", as: Double.self) == -.infinity)
      #expect(try row.decodeIfPresent("nothing", as: String.self) == nil)
      #expect(try row.decode("hole", as: Bool.self))
    }
  }

  @Test func `a pipeline is one transaction, and leaves the connection usable`() async throws {
    try await onConnection { connection in
      try await connection.executeScript("CREATE TEMPORARY TABLE kept (number bigint)")
      let long = String(repeating: "x", count: 3_000_000)
      let answers = try await connection.pipeline([
        ("INSERT INTO kept VALUES ($1), (2)", [1]), ("SELECT $1::text AS it", [.text(long)]),
        ("SELECT sum(number)::bigint AS sum FROM kept", []),
      ])
      #expect(answers.map(\.count) == [0, 1, 1])
      #expect(try answers[1][0].decode("it", as: String.self) == long)
      #expect(try answers[2][0].decode("sum", as: Int.self) == 3)
      await #expect(throws: PostgresError.self) {
        _ = try await connection.pipeline([
          ("INSERT INTO kept VALUES (4)", []), ("SELECT 1 / 0", []), ("SELECT 2", []),
        ])
      }
      let rows = try await connection.query("SELECT count(*) AS count FROM kept")
      #expect(try rows[0].decode("count", as: Int.self) == 2)
    }
  }

  @Test(arguments: [-62_135_596_800_000_000, -1, 0, 951_782_400_000_001, 4_102_444_799_999_999])
  func `a moment survives its text form`(microseconds: Int64) {
    let text = Timestamp.text(microseconds: microseconds)
    #expect(Timestamp.microseconds(of: text) == microseconds)
  }

  @Test func `a moment with an offset of hours and minutes is understood`() {
    #expect(Timestamp.microseconds(of: "1970-01-01 05:30:00.5+05:30") == 500_000)
    #expect(Timestamp.microseconds(of: "1969-12-31T19:00:00-05") == 0)
    #expect(Timestamp.microseconds(of: "infinity") == nil)
  }

  @Test func `a text with a NUL is refused before it is cut`() async throws {
    try await onConnection { connection in
      await #expect(
        throws: PostgresError.unsendable(reason: "a text contains the character U+0000")
      ) { try await connection.query("SELECT $1::text", [.text("a\0b")]) }
      let rows = try await connection.query("SELECT 1")
      #expect(rows.count == 1)
    }
  }

  @Test func `an error names the column`() async throws {
    try await onConnection { connection in
      let row = try await connection.query("SELECT 'x' AS a, NULL AS b")[0]
      #expect(throws: PostgresError.unreadable(column: "a", expected: "Int64", found: "x")) {
        try row.decode("a", as: Int64.self)
      }
      #expect(throws: PostgresError.unexpectedNull(column: "b")) {
        try row.decode("b", as: String.self)
      }
      #expect(throws: PostgresError.missingColumn("c")) { try row.decode("c", as: String.self) }
    }
  }

  @Test func `the server's refusal carries its code and leaves the connection usable`()
    async throws
  {
    try await onConnection { connection in
      try await connection.execute("CREATE TABLE one (id int CONSTRAINT only_one PRIMARY KEY)")
      #expect(try await connection.execute("INSERT INTO one VALUES (1), (2)") == 2)
      let error = await #expect(throws: PostgresError.self) {
        try await connection.execute("INSERT INTO one VALUES (1)")
      }
      #expect(error?.isUniqueViolation == true)
      #expect(error?.isTransient == false)
      guard case .server("23505", _, _, "only_one") = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(try await connection.query("SELECT id FROM one").count == 2)
    }
  }

  @Test func `a result of many megabytes arrives whole`() async throws {
    try await onConnection { connection in
      let rows = try await connection.query(
        "SELECT repeat('x', 20000) AS t FROM generate_series(1, 1000)")
      #expect(rows.count == 1000)
      #expect(try rows[999].decode("t", as: String.self).count == 20_000)
      let long = String(repeating: "é", count: 4_000_000)
      let back = try await connection.query("SELECT length($1::text) AS n", [.text(long)])
      #expect(try back[0].decode("n", as: Int.self) == 4_000_000)
    }
  }

  @Test func `many tasks share one connection`() async throws {
    try await onConnection { connection in
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 1...50 {
          group.addTask {
            try await connection.query("SELECT $1::int AS n", [.int(Int64(number))])[0]
              .decode("n")
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == 1275)
    }
  }

  @Test func `a server that is not there is named without its password`() async throws {
    let target = ConnectionTarget(.url("postgres://me:secret@127.0.0.1:1/db?connect_timeout=1"))
    let error = await #expect(throws: PostgresError.self) {
      try await Connection.connect(to: target)
    }
    #expect(error?.isTransient == true)
    let text = "\(try #require(error))"
    #expect(text.contains("postgres://me@127.0.0.1:1/db"))
    #expect(!text.contains("secret"))
    #expect(text.contains("AVU_DATABASE_URL"))
  }

  @Test func `a server that does not answer is given up after the time allowed`() async throws {
    let listener = try SilentListener()
    let url = "postgres://127.0.0.1:\(listener.port)/db?sslmode=disable&gssencmode=disable"
    let target = ConnectionTarget(.url(url), connectSeconds: 0.3)
    let error = await #expect(throws: PostgresError.self) {
      try await Connection.connect(to: target)
    }
    #expect("\(try #require(error))".contains("no answer"))
    withExtendedLifetime(listener) {}
  }

  @Test func `a session that is ended in the middle of a statement is a lost connection`()
    async throws
  {
    try await TestDatabase.withSchema(migrated: false) { target in
      let connection = try await Connection.connect(to: target)
      let other = try await Connection.connect(to: target)
      let process = try await connection.query("SELECT pg_backend_pid() AS id")[0]
        .decode("id", as: Int64.self)
      let victim = Task { try await connection.query("SELECT pg_sleep(60)") }
      try await untilTrue(
        other, "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = $1", process)
      try await other.execute("SELECT pg_terminate_backend($1::int)", [.int(process)])
      await #expect(throws: PostgresError.connectionLost) { try await victim.value }
      await #expect(throws: PostgresError.connectionLost) { try await connection.query("SELECT 1") }
      #expect(await !connection.isIdle)
      await other.close()
    }
  }

  @Test func `a closed connection refuses further statements`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let connection = try await Connection.connect(to: target)
      await connection.close()
      await #expect(throws: PostgresError.connectionLost) { try await connection.query("SELECT 1") }
    }
  }
}
