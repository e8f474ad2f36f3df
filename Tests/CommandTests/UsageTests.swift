import Testing

struct UsageTests {
  @Test func `help goes to standard output and ends well`() async throws {
    let help = try await Program.run(["--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("USAGE: avu"))
    #expect(help.error.isEmpty)
  }

  @Test func `a mistake in the usage goes to standard error and ends with status 2`() async throws {
    for mistake in [["--no-such-option"], ["no-such-command"]] {
      let result = try await Program.run(mistake)
      #expect(result.status == 2, "\(result.error)")
      #expect(result.error.contains(mistake[0]))
      #expect(result.output.isEmpty)
    }
  }
}
