import Foundation
import Testing

struct UsageTests {
  @Test func `help goes to standard output and ends well`() async throws {
    let help = try await Program.run(["--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("USAGE: avu"))
    #expect(help.error.isEmpty)
  }

  @Test func `a mistake in the usage goes to standard error and ends with status 2`() async throws {
    for mistake in [
      ["--no-such-option"], ["no-such-command"], ["db", "sotp"], ["help", "nosuch"],
    ] {
      let result = try await Program.run(mistake)
      #expect(result.status == 2, "\(result.error)")
      #expect(result.error.contains(try #require(mistake.last)))
      #expect(result.output.isEmpty)
    }
    let help = try await Program.run(["help", "queue", "pause"])
    #expect(help.status == 0 && help.output.contains("avu queue pause"))
  }

  /// A shell gives one for `"$UNSET"`; as a path it would mean the current folder, or the root.
  @Test func `an empty argument is refused`() async throws {
    for arguments in [["infer", ""], ["infer", "a.mp4", "-o", ""], ["submit", "", "-c", "a"]] {
      let result = try await Program.run(arguments)
      #expect(result.status == 2)
      #expect(result.error.contains("An argument is empty"), "\(result.error)")
    }
  }

  // With worker processes, which ignore the signal, and without.
  @Test(arguments: [
    "infer samples/dog-then-pigeon/video.mp4 -o \"$OUT\" --json", "model list --json",
  ])
  func `a reader that went away ends the program in silence`(_ arguments: String) async throws {
    try await Home.with { home in
      let result = try await Program.shell(
        "exec 4> >(true); wait $!; \"$AVU\" \(arguments) >&4; echo $?",
        environment: ["OUT": home.file("out")], in: Program.checkout)
      #expect(result.output == "141\n")
      #expect(result.error.isEmpty)
    }
  }

  @Test func `results that find no room are an error`() async throws {
    let result = try await Program.shell("\"$AVU\" model list --json > /dev/full")
    #expect(result.status == 1)
    #expect(result.error.contains("standard output cannot be written"), "\(result.error)")
  }

  @Test func `the doctor says so when the database is newer than the program`() async throws {
    try await Home.with { home in
      _ = try await home.run("db", "migrate")
      let fine = try await home.run("doctor")
      #expect(fine.status == 0, "\(fine.output)")
      let result = try await Program.run(
        ["doctor"],
        environment: home.environment.merging(["AVU_SHARE": try olderShare(home)]) { $1 })
      #expect(result.status == 1)
      #expect(result.output.contains("update avu"), "\(result.output)")
    }
  }

  /// The program's files without the newest migration.
  private func olderShare(_ home: Home) throws -> String {
    let share = home.file("share")
    let files = FileManager.default
    try files.createDirectory(atPath: share + "/migrations", withIntermediateDirectories: true)
    for name in ["templates", "public", "models"] {
      try files.createSymbolicLink(
        atPath: "\(share)/\(name)", withDestinationPath: "\(Program.checkout)/\(name)")
    }
    let migrations = Program.checkout + "/migrations"
    for name in try files.contentsOfDirectory(atPath: migrations).sorted().dropLast() {
      try files.copyItem(atPath: "\(migrations)/\(name)", toPath: "\(share)/migrations/\(name)")
    }
    return share
  }
}
