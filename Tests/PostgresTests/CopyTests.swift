import Testing
import TestSupport

@testable import Postgres

@Suite struct CopyTests {
  private static let odd: [[String?]] = [
    ["1", "tab\tline\nreturn\r back\\slash"], ["2", nil], ["3", ""], ["4", "\\N"], ["5", "\\."],
    ["6", "漢 \u{1} \"' {}"],
  ]

  @Test func `odd characters survive COPY`() async throws {
    try await onConnection { connection in
      try await connection.execute("CREATE TABLE t (id int, note text)")
      #expect(try await connection.copyIn("COPY t (id, note) FROM STDIN", rows: Self.odd) == 6)
      let rows = try await connection.query("SELECT id, note FROM t ORDER BY id")
      #expect(rows.map(\.values) == Self.odd)
    }
  }

  @Test func `a hundred thousand rows are streamed from a lazy sequence`() async throws {
    try await onConnection { connection in
      try await connection.execute("CREATE TABLE t (id int, note text)")
      let rows = (1...100_000).lazy.map { number -> [String?] in ["\(number)", "clip \(number)"] }
      #expect(try await connection.copyIn("COPY t FROM STDIN", rows: rows) == 100_000)
      let sum = try await connection.query("SELECT sum(id) AS n FROM t")
      #expect(try sum[0].decode("n", as: Int64.self) == 5_000_050_000)
    }
  }

  @Test func `a bad row refuses the whole COPY and the connection stays usable`() async throws {
    try await onConnection { connection in
      try await connection.execute("CREATE TABLE t (id int, note text)")
      let rows = (1...50_000).map { number -> [String?] in
        [number == 40_000 ? "forty" : "\(number)", String(repeating: "x", count: 50)]
      }
      let error = await #expect(throws: PostgresError.self) {
        try await connection.copyIn("COPY t FROM STDIN", rows: rows)
      }
      guard case .server("22P02", _, _, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let kept = try await connection.query("SELECT FROM t")
      #expect(kept.isEmpty)
    }
  }

  @Test func `a NUL in a row refuses the whole COPY`() async throws {
    try await onConnection { connection in
      try await connection.execute("CREATE TABLE t (note text)")
      await #expect(
        throws: PostgresError.unsendable(reason: "a text contains the character U+0000")
      ) { try await connection.copyIn("COPY t FROM STDIN", rows: [["fine"], ["a\0b"]]) }
      let kept = try await connection.query("SELECT FROM t")
      #expect(kept.isEmpty)
    }
  }

  @Test func `a COPY that the server refuses or that is none is an error`() async throws {
    try await onConnection { connection in
      let error = await #expect(throws: PostgresError.self) {
        try await connection.copyIn("COPY nowhere FROM STDIN", rows: [["1"]])
      }
      guard case .server("42P01", _, _, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      await #expect(throws: PostgresError.unsendable(reason: "copyIn needs COPY … FROM STDIN")) {
        try await connection.copyIn("SELECT 1", rows: [["1"]])
      }
      let rows = try await connection.query("SELECT 1")
      #expect(rows.count == 1)
    }
  }

  @Test func `a COPY inside a transaction is rolled back with it`() async throws {
    struct Stop: Error {}
    try await onConnection { connection in
      try await connection.execute("CREATE TABLE t (id int)")
      try? await connection.transaction { transaction in
        try await transaction.copyIn("COPY t FROM STDIN", rows: [["1"]])
        throw Stop()
      }
      let kept = try await connection.query("SELECT FROM t")
      #expect(kept.isEmpty)
    }
  }
}
