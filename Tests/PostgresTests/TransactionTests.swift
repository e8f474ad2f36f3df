import Testing
import TestSupport

@testable import Postgres

@Suite struct TransactionTests {
  private struct Stop: Error {}

  private func count(_ connection: Connection) async throws -> Int {
    try await connection.query("SELECT count(*) AS n FROM thing")[0].decode("n")
  }

  private func onThing(_ body: (Connection) async throws -> Void) async throws {
    try await onConnection { connection in
      try await connection.execute("CREATE TABLE thing (id int PRIMARY KEY)")
      try await body(connection)
    }
  }

  @Test func `what a transaction wrote is kept when its body returns`() async throws {
    try await onThing { connection in
      let answer = try await connection.transaction { transaction in
        try await transaction.execute("INSERT INTO thing VALUES (1)")
        return 42
      }
      #expect(answer == 42)
      let found = try await count(connection)
      #expect(found == 1)
    }
  }

  @Test func `nothing is kept when the body throws, and its error is passed on`() async throws {
    try await onThing { connection in
      await #expect(throws: Stop.self) {
        try await connection.transaction { transaction in
          try await transaction.execute("INSERT INTO thing VALUES (1)")
          throw Stop()
        }
      }
      let found = try await count(connection)
      #expect(found == 0)
      #expect(await connection.isIdle)
    }
  }

  @Test func `a hidden failure of a statement is not taken for a commit`() async throws {
    try await onThing { connection in
      await #expect(throws: PostgresError.transactionAborted) {
        try await connection.transaction { transaction in
          try await transaction.execute("INSERT INTO thing VALUES (1)")
          _ = try? await transaction.execute("INSERT INTO thing VALUES (1)")
        }
      }
      let found = try await count(connection)
      #expect(found == 0)
    }
  }

  @Test func `an inner transaction can fail alone`() async throws {
    try await onThing { connection in
      try await connection.transaction { outer in
        try await outer.execute("INSERT INTO thing VALUES (1)")
        try? await outer.transaction { inner in
          try await inner.execute("INSERT INTO thing VALUES (2)")
          throw Stop()
        }
        try await outer.transaction { inner in
          _ = try await inner.execute("INSERT INTO thing VALUES (3)")
        }
      }
      let ids = try await connection.query("SELECT id FROM thing ORDER BY id")
      #expect(try ids.map { try $0.decode("id", as: Int.self) } == [1, 3])
    }
  }

  @Test func `other users of the connection wait until the transaction ends`() async throws {
    try await onThing { connection in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for id in 1...20 {
          group.addTask {
            try await connection.transaction { transaction in
              let before: Int = try await transaction.query("SELECT count(*) AS n FROM thing")[0]
                .decode("n")
              await Task.yield()
              try await transaction.execute("INSERT INTO thing VALUES ($1)", [.int(Int64(id))])
              await Task.yield()
              let after = try await count(transaction)
              #expect(after == before + 1)
              if id.isMultiple(of: 2) { throw Stop() }
            }
          }
          group.addTask {
            let rows = try await connection.query("SELECT 1")
            #expect(rows.count == 1)
          }
        }
        while let result = await group.nextResult() {
          if case .failure(let error) = result, !(error is Stop) { throw error }
        }
      }
      let found = try await count(connection)
      #expect(found == 10)
    }
  }

  @Test func `child tasks of a transaction belong to it`() async throws {
    try await onThing { connection in
      try? await connection.transaction { transaction in
        async let one = transaction.execute("INSERT INTO thing VALUES (1)")
        async let two = transaction.execute("INSERT INTO thing VALUES (2)")
        #expect(try await one + two == 2)
        throw Stop()
      }
      let found = try await count(connection)
      #expect(found == 0)
    }
  }

  @Test func `a snapshot does not see later commits`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let reader = try await Connection.connect(to: target)
      let writer = try await Connection.connect(to: target)
      try await writer.execute("CREATE TABLE thing (id int PRIMARY KEY)")
      try await reader.transaction(.snapshot) { snapshot in
        #expect(try await count(snapshot) == 0)
        try await writer.execute("INSERT INTO thing VALUES (1)")
        #expect(try await count(snapshot) == 0)
      }
      #expect(try await count(reader) == 1)
      await reader.close()
      await writer.close()
    }
  }

  @Test func `a session that is ended inside a transaction is a lost connection`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let connection = try await Connection.connect(to: target)
      let other = try await Connection.connect(to: target)
      await #expect(throws: PostgresError.connectionLost) {
        try await connection.transaction { transaction in
          let process: Int64 = try await transaction.query("SELECT pg_backend_pid() AS id")[0]
            .decode("id")
          try await other.execute("SELECT pg_terminate_backend($1::int)", [.int(process)])
          try await untilTrue(
            other, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", process)
          try await transaction.execute("CREATE TABLE never (id int)")
        }
      }
      await #expect(throws: PostgresError.connectionLost) { try await connection.query("SELECT 1") }
      await other.close()
    }
  }

  @Test func `closing the connection inside a transaction keeps nothing of it`() async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let connection = try await Connection.connect(to: target)
      await #expect(throws: PostgresError.connectionLost) {
        try await connection.transaction { transaction in
          try await transaction.execute("CREATE TABLE never (id int)")
          await transaction.close()
        }
      }
      let other = try await Connection.connect(to: target)
      let gone = try await other.query("SELECT to_regclass('never') IS NULL AS gone")
      #expect(gone[0].values == ["t"])
      await other.close()
    }
  }
}
