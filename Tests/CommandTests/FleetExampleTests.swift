import Foundation
import Subprocess
import SystemPackage
import Testing

/// The examples for fleets, as far as they can be checked without one.
struct FleetExampleTests {
  private static let folder = Program.checkout + "/docs/fleet"

  private func run(_ program: String, _ arguments: String...) async throws -> (Int32?, String) {
    let result = try await Subprocess.run(
      .name(program), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
      error: .combinedWithOutput)
    if case .exited(let status) = result.terminationStatus {
      return (status, result.standardOutput)
    }
    return (nil, result.standardOutput)
  }

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"),
      "needs systemd-analyze"))
  func `systemd takes the unit`() async throws {
    let files = try ClipFiles()
    let unit = try String(contentsOfFile: Self.folder + "/avu-worker.service", encoding: .utf8)
    // The program is not installed where the unit expects it.
    let path = try files.write(
      unit.replacing("/usr/local/bin/avu", with: Program.path), to: "avu-worker.service")
    let (status, output) = try await run("systemd-analyze", "verify", path)
    #expect(status == 0 && output.isEmpty, "\(output)")
  }

  @Test func `The Slurm script is Bash, and asks for the database`() async throws {
    let script = Self.folder + "/slurm-workers.sh"
    let (status, output) = try await run("bash", "-n", script)
    #expect(status == 0 && output.isEmpty, "\(output)")
    let (missing, reason) = try await run("env", "-u", "AVU_DATABASE_URL", "bash", script)
    #expect(missing == 1 && reason.contains("AVU_DATABASE_URL"), "\(reason)")
  }
}
