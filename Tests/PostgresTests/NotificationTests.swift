import Testing
import TestSupport

@testable import Postgres

@Suite struct NotificationTests {
  @Test func `a message reaches an idle listener`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let listener = try await Connection.connect(to: target)
      let sender = try await Connection.connect(to: target)
      let channel = "Odd \"\(target.schema ?? "")"
      let stream = try await listener.notifications(on: channel)
      try await sender.execute("SELECT pg_notify($1, 'hello')", [.text(channel)])
      var messages = stream.makeAsyncIterator()
      #expect(await messages.next()?.payload == "hello")
      // The same connection serves statements meanwhile, and hears itself.
      try await listener.execute("SELECT pg_notify($1, 'self')", [.text(channel)])
      #expect(await messages.next()?.payload == "self")
      await listener.close()
      #expect(await messages.next() == nil)
      await sender.close()
    }
  }

  @Test func `a stream ends when the connection is lost`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let listener = try await Connection.connect(to: target)
      let other = try await Connection.connect(to: target)
      let stream = try await listener.notifications(on: "quiet")
      let process: Int64 = try await listener.query("SELECT pg_backend_pid() AS id")[0].decode("id")
      try await other.execute("SELECT pg_terminate_backend($1::int)", [.int(process)])
      for await _ in stream {}
      await #expect(throws: PostgresError.connectionLost) { try await listener.query("SELECT 1") }
      await other.close()
    }
  }
}

@Suite struct PoolTests {
  @Test func `a pool lends no more connections than it has`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let pool = ConnectionPool(target: target, size: 2)
      let seen = try await withThrowingTaskGroup(of: Int64.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await pool.withConnection { connection in
              try await connection.query("SELECT pg_backend_pid() AS id")[0].decode("id")
            }
          }
        }
        return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
      }
      #expect(seen.count <= 2)
      await pool.close()
      await #expect(throws: PostgresError.poolClosed) {
        try await pool.withConnection { try await $0.query("SELECT 1").count }
      }
    }
  }

  @Test func `a broken connection is replaced`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let pool = ConnectionPool(target: target, size: 1)
      await #expect(throws: PostgresError.connectionLost) {
        try await pool.withConnection { connection in
          try await connection.query("SELECT pg_terminate_backend(pg_backend_pid())").count
        }
      }
      let count = try await pool.withTransaction { try await $0.query("SELECT 1").count }
      #expect(count == 1)
      await pool.close()
    }
  }

  @Test func `a session that ended while it was idle is not lent again`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let pool = ConnectionPool(target: target, size: 1)
      let other = try await Connection.connect(to: target)
      let process: Int64 = try await pool.withConnection { connection in
        try await connection.query("SELECT pg_backend_pid() AS id")[0].decode("id")
      }
      try await other.execute("SELECT pg_terminate_backend($1::int)", [.int(process)])
      try await untilTrue(
        other, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", process)
      let count = try await pool.withConnection { try await $0.query("SELECT 1").count }
      #expect(count == 1)
      await pool.close()
      await other.close()
    }
  }
}
