import Foundation
import Postgres
import Subprocess
import SystemPackage
import Testing

/// A backup in the middle of the work, restored into another server.
@Suite struct BackupTests {
  /// Runs a program of the PostgreSQL client on the private server of a home.
  private func run(_ program: String, on home: Home, _ arguments: String...) async throws {
    let target = try await PrivateCluster(home: home.path + "/home").start()
    guard case .socket(let directory, let database, let user) = target.address else {
      Issue.record("\(target)")
      return
    }
    let result = try await Subprocess.run(
      .name(program),
      arguments: Arguments(
        ["--host", directory, "--username", user, "--dbname", database] + arguments),
      output: .string(limit: 1 << 20), error: .combinedWithOutput)
    guard case .exited(0) = result.terminationStatus else {
      Issue.record("\(program): \(result.standardOutput)")
      return
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `What was running at the time of the backup is done after the restore`() async throws {
    try await Home.with { home in
      try home.makeClips(3, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "c")
      let target = try await PrivateCluster(home: home.path + "/home").start()
      let connection = try await Connection.connect(to: target)
      try await connection.executeScript(
        """
        SET search_path TO avu;
        SELECT claim_jobs(
          ARRAY['infer'], ARRAY[NULL]::integer[], ARRAY[NULL]::bigint[], ARRAY[NULL]::bigint[], 1, 77,
          gen_random_uuid(), 'box', 1, true, true, NULL, false);
        """)
      await connection.close()
      #expect(try await home.states() == ["running": 1, "waiting": 2])
      // As docs/fleet/README.md says.
      try await run("pg_dump", on: home, "--format=custom", "--file", home.file("dump"))
      _ = try await home.run("db", "stop")

      try await Home.with { other in
        try await run(
          "pg_restore", on: other, "--no-owner", "--exit-on-error", home.file("dump"))
        #expect(try await other.states() == ["running": 1, "waiting": 2])
        let worked = try await other.run("work", "--drain", "--concurrency", "2")
        #expect(worked.status == 0, "\(worked.error)")
        #expect(try await other.states() == ["done": 3])
        let size = try await other.run("db", "size")
        #expect(size.output.contains("kB of results a clip"), "\(size.output) \(size.error)")
      }
    }
  }
}
