import Glibc
import Postgres
import TestSupport

/// Runs a test on one connection to an empty schema.
func onConnection(_ body: (Connection) async throws -> Void) async throws {
  try await TestDatabase.withSchema(migrated: false) { target in
    let connection = try await Connection.connect(to: target)
    try await body(connection)
    await connection.close()
  }
}

/// Asks the server again and again until it answers yes.
func untilTrue(_ connection: Connection, _ sql: String, _ parameter: Int64) async throws {
  while true {
    let rows = try await connection.query(sql, [.int(parameter)])
    if rows.first?.values == ["t"] { return }
  }
}

/// Accepts connections (the kernel does) and never says a word.
struct SilentListener: ~Copyable {
  let port: UInt16
  private let socketFile: Int32

  init() throws(PostgresError) {
    socketFile = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let file = socketFile
    let done = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(file, $0, length) == 0 && listen(file, 5) == 0 && getsockname(file, $0, &length) == 0
      }
    }
    guard done else { throw .unsendable(reason: "no port to listen on") }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(socketFile) }
}
