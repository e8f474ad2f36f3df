import ArgumentParser
import FlyingFox
import FlyingSocks
import Foundation
import JobsPostgres
import Media

extension QueueCommand {
  /// Gives the figures of the queue to a monitoring system.
  struct Metrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "metrics", abstract: "Give the figures of the queue to Prometheus.",
      discussion: """
        Prints them once, in Prometheus' text format. With --port they are served at /metrics until \
        Ctrl-C; with --file they are written for the textfile collector of node_exporter, once or, \
        with --every, again and again. One of these for the whole fleet is enough.

        EXAMPLES:
          avu queue metrics
          avu queue metrics --port 9187
          avu queue metrics --file /var/lib/node_exporter/avu.prom --every 15
        """)

    @Option(help: "Serve them on this port of --address.")
    var port: UInt16?

    @Option(
      help: ArgumentHelp("The IPv4 address to serve on; 0.0.0.0 for all.", valueName: "ip"))
    var address = "127.0.0.1"

    @Option(help: ArgumentHelp("Write them to this file, whole or not at all.", valueName: "path"))
    var file: String?

    @Option(help: ArgumentHelp("Write the file every so many seconds.", valueName: "s"))
    var every: Double?

    func validate() throws {
      if port != nil, file != nil { throw ValidationError("--port and --file exclude each other.") }
      if every != nil, file == nil { throw ValidationError("--every needs --file.") }
      if let every, !(1...86_400).contains(every) {
        throw ValidationError("--every must be from 1 to 86400.")
      }
    }

    func run() async throws {
      try await DatabaseSession.with(try Settings.load(), connections: 2) { session in
        if let port { return try await serve(session.queue, on: port) }
        repeat {
          let text = try await QueueMetrics(of: session.queue).text
          if let file { try write(text, to: file) } else { Console.print(String(text.dropLast())) }
          if let every { try await Task.sleep(for: .seconds(every)) }
        } while every != nil
      }
    }

    private func write(_ text: String, to file: String) throws {
      do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
      } catch let error as CocoaError {
        throw CommandError.unwritable(path: file, reason: FileReason(error))
      }
    }

    private func serve(_ queue: PostgresJobQueue, on port: UInt16) async throws {
      guard let socket = try? sockaddr_in.inet(ip4: address, port: port) else {
        throw CommandError.option(name: "--address", reason: "\(address) is no IPv4 address")
      }
      let server = HTTPServer(address: socket, logger: .disabled)
      await server.appendRoute("GET /metrics") { _ in await Self.answer(of: queue) }
      let address = address
      try await server.serve(on: port) { Console.print("http://\(address):\($0)/metrics") }
    }

    private static func answer(of queue: PostgresJobQueue) async -> HTTPResponse {
      do {
        let text = try await QueueMetrics(of: queue).text
        return HTTPResponse(
          statusCode: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
          body: Data(text.utf8))
      } catch {
        // The database is away; a scrape that fails says so, and the next one may succeed.
        return HTTPResponse(statusCode: .serviceUnavailable, body: Data("\(error)\n".utf8))
      }
    }
  }
}
