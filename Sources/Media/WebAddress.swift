import Foundation

/// The address of a file on the web.
public struct WebAddress: Hashable, Sendable {
  /// The address as given, with everything that the server wants to know.
  public let text: String

  /// The address for people and logs: without user name, password and query, which may be secrets.
  public let shown: String

  /// Scheme, host and port.
  public let server: String

  /// The parts of the path, decoded; the last one is the file's name.
  public let pathComponents: [String]

  /// Checks an address.
  ///
  /// - Parameter text: `http://…` or `https://…` with a host and a file's name, at most 4,000 bytes of
  ///   printable ASCII; the result is nil for any other text.
  public init?(_ text: String) {
    guard text.utf8.count <= 4000, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let parts = URLComponents(string: text),
      let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = parts.host, !host.isEmpty
    else { return nil }
    let components = parts.path.split(separator: "/").map(String.init)
    guard !components.isEmpty, !parts.path.hasSuffix("/") else { return nil }
    self.text = text
    pathComponents = components
    let port = parts.port.map { ":\($0)" } ?? ""
    server = "\(scheme)://\(parts.percentEncodedHost ?? host)\(port)"
    shown = server + parts.percentEncodedPath
  }
}
