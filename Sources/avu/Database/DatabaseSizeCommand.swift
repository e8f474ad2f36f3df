import ArgumentParser
import Foundation
import Postgres

extension DatabaseCommand {
  struct Size: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what the schema takes on disk, in all and for each clip and job.",
      discussion: """
        Rows are as many as the server believes there are, which is exact soon after a vacuum. Bytes \
        have indexes and what is kept outside of rows in them.

        EXAMPLES:
          avu db size
          avu db size --json
        """)

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let settings = try Settings.load()
      let tables = try await DatabaseSession.with(settings, connections: 1) { session in
        try await session.pool.withConnection { connection in
          try await connection.query(Self.statement, [.text(settings.schema)]).map { row in
            SizeDocument.Table(
              name: try row.decode("name"), rows: try row.decode("rows"),
              bytes: try row.decode("bytes"))
          }
        }
      }
      let document = SizeDocument(tables)
      if json { try Console.print(json: document) } else { document.print() }
    }

    private static let statement = """
      SELECT pg_class.relname::text AS name, pg_total_relation_size(pg_class.oid) AS bytes,
        greatest(0, coalesce(n_live_tup, 0))::bigint AS rows
      FROM pg_class LEFT JOIN pg_stat_all_tables ON relid = pg_class.oid
      WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND relkind = 'r'
      ORDER BY bytes DESC, name
      """
  }
}

/// What `avu db size` says.
private struct SizeDocument: Encodable {
  struct Table: Encodable {
    let name: String
    let rows: Int
    let bytes: Int
  }

  let bytes: Int
  /// Those of the tables of results, for each clip; nil without clips.
  let bytesPerClip: Double?
  /// Those of the tables of the queue, for each job that is not forgotten; nil without jobs.
  let bytesPerJob: Double?
  let tables: [Table]

  private static let results: Set = [
    "collection", "video", "clip", "model", "truth", "prediction", "clip_score",
  ]

  init(_ tables: [Table]) {
    func ratio(_ part: [Table], to name: String) -> Double? {
      let rows = tables.first { $0.name == name }?.rows ?? 0
      return rows > 0 ? Double(part.reduce(0) { $0 + $1.bytes }) / Double(rows) : nil
    }
    self.tables = tables
    bytes = tables.reduce(0) { $0 + $1.bytes }
    bytesPerClip = ratio(tables.filter { Self.results.contains($0.name) }, to: "clip")
    bytesPerJob = ratio(tables.filter { !Self.results.contains($0.name) }, to: "job")
  }

  func print() {
    Console.print(
      table: ["TABLE", "ROWS", "KB"],
      rows: tables.filter { $0.rows > 0 }.map { table in
        [table.name, "\(table.rows)", "\(table.bytes / 1000)"]
      })
    Console.print("")
    Console.print(
      (["\(bytes / 1000) kB in all"]
        + [
          bytesPerClip.map { String(format: "%.1f kB of results a clip", $0 / 1000) },
          bytesPerJob.map { String(format: "%.1f kB of queue a job", $0 / 1000) },
        ].compactMap(\.self)).joined(separator: ", ") + ".")
  }

  private enum CodingKeys: String, CodingKey {
    case bytes, tables
    case bytesPerClip = "bytes_per_clip"
    case bytesPerJob = "bytes_per_job"
  }
}
