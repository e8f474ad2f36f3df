import FlyingFox
import FlyingSocks
import Foundation

/// Serves a site to browsers on this machine: plain files with byte ranges, over HTTP.
struct SiteServer: Sendable {
  private let server: HTTPServer
  private let port: UInt16

  /// Chooses what is served on the loopback interface.
  ///
  /// - Parameters:
  ///   - folder: The site's folder.
  ///   - port: The port; 0 lets the system choose.
  /// - Throws: ``CommandError`` when there is no site.
  init(folder: String, port: UInt16) throws {
    guard let resolved = realpath(folder, nil),
      FileManager.default.fileExists(atPath: String(cString: resolved) + "/index.html")
    else {
      throw CommandError.missing(
        what: "\(folder) holds no site", remedy: "build one with avu report build --output")
    }
    defer { free(resolved) }
    self.port = port
    server = HTTPServer(
      address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), logger: .disabled,
      handler: SiteHandler(folder: String(cString: resolved)))
  }

  /// Serves until the task is cancelled.
  ///
  /// - Parameter listening: Called with the address of the site's first page once it answers.
  /// - Throws: ``CommandError`` when the port is taken.
  func run(listening: @escaping @Sendable (String) -> Void) async throws {
    try await server.serve(on: port) { listening("http://127.0.0.1:\($0)/") }
  }
}
