import ArgumentParser

extension ReportCommand {
  /// Serves a built site to browsers on this machine.
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve", abstract: "Serve a built site to browsers on this machine.",
      discussion: """
        A site works by double-click, too; a server helps where a browser refuses local files, or \
        through a tunnel from another machine. Only this machine is served. End it with Ctrl-C.

        EXAMPLES:
          avu report serve site
          avu report serve site --port 9000
        """)

    @Argument(help: ArgumentHelp("The site's folder.", valueName: "dir"))
    var folder: String

    @Option(help: "The port; 0 lets the system choose.")
    var port: UInt16 = 8080

    func run() async throws {
      let server = try SiteServer(folder: folder, port: port)
      try await server.run { address in Console.print(address) }
    }
  }
}
