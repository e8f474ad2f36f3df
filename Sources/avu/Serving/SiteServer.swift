import Foundation

/// Serves a site to browsers on this machine: plain files with byte ranges, one request a
/// connection.
final class SiteServer: Sendable {
  /// The port that it listens on.
  let port: UInt16

  private let socket: Int32
  private let folder: String

  /// Connections that are answered at a time; more wait.
  private let places = DispatchSemaphore(value: 64)

  /// The longest head of a request, in bytes.
  private static let longestHead = 16_384

  /// Begins to listen on the loopback interface.
  ///
  /// - Parameters:
  ///   - folder: The site's folder.
  ///   - port: The port; 0 lets the system choose.
  /// - Throws: ``CommandError`` when there is no site or the port is taken.
  init(folder: String, port: UInt16) throws {
    guard let resolved = realpath(folder, nil),
      FileManager.default.fileExists(atPath: folder + "/index.html")
    else {
      throw CommandError.missing(
        what: "\(folder) holds no site", remedy: "build one with avu report build --output")
    }
    defer { free(resolved) }
    self.folder = String(cString: resolved)
    socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var on: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard Self.bind(socket, port), listen(socket, 128) == 0, let bound = Self.port(of: socket)
    else {
      let reason = String(cString: strerror(errno))
      close(socket)
      throw CommandError.option(name: "--port", reason: "port \(port) cannot be used (\(reason))")
    }
    self.port = bound
  }

  /// Where the site's first page is.
  var address: String { "http://127.0.0.1:\(port)/" }

  /// Answers requests until the system takes the socket away. Blocks; call it on a thread of its
  /// own.
  func run() {
    let queue = DispatchQueue(label: "avu.serve", attributes: .concurrent)
    while true {
      let connection = accept(socket, nil, nil)
      guard connection >= 0 else {
        if errno == EBADF || errno == EINVAL { return }
        // Out of descriptors, or a connection that ended early: a later one may do.
        if errno != EINTR && errno != ECONNABORTED { usleep(20_000) }
        continue
      }
      places.wait()
      queue.async { [self] in
        answer(connection)
        close(connection)
        places.signal()
      }
    }
  }

  private func answer(_ connection: Int32) {
    var patience = timeval(tv_sec: 15, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(connection, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    guard let head = Self.head(from: connection) else { return }
    let request = SiteRequest(head: head)
    let response = response(to: request)
    send(response, withBody: request?.method != "HEAD", over: connection)
  }

  /// Another site's page must not read this one by giving itself a name that leads here.
  private func response(to request: SiteRequest?) -> SiteResponse {
    guard let request else { return SiteResponse("400 Bad Request") }
    guard let host = request.host, ["127.0.0.1", "localhost"].contains(host.lowercased()) else {
      return SiteResponse("421 Misdirected Request")
    }
    return SiteResponse(to: request, in: folder)
  }

  private func send(_ response: SiteResponse, withBody: Bool, over connection: Int32) {
    let headers =
      response.headers + [
        ("Content-Length", "\(response.length)"), ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"), ("Connection", "close"),
      ]
    let head =
      "HTTP/1.1 \(response.status)\r\n" + headers.map { "\($0.name): \($0.value)\r\n" }.joined()
      + "\r\n"
    switch response.body {
    case .text(let text):
      _ = Self.send(Array((head + (withBody ? text : "")).utf8)[...], over: connection)
    case .file(let file, let start, let count):
      defer { close(file) }
      guard Self.send(Array(head.utf8)[...], over: connection), withBody else { return }
      Self.send(file, from: start, count: count, over: connection)
    }
  }
}

/// The calls of the system.
extension SiteServer {
  private static func bind(_ socket: Int32, _ port: UInt16) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func port(of socket: Int32) -> UInt16? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(socket, $0, &size) == 0
      }
    }
    return isKnown ? UInt16(bigEndian: address.sin_port) : nil
  }

  /// Reads up to the empty line; nil when the other side stops before or sends too much.
  private static func head(from connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    let end = Array("\r\n\r\n".utf8)
    while bytes.count <= longestHead {
      let count = recv(connection, &piece, piece.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes += piece[..<count]
      if let place = bytes.firstRange(of: end) {
        return String(decoding: bytes[..<place.lowerBound], as: UTF8.self)
      }
    }
    return nil
  }

  private static func send(_ bytes: ArraySlice<UInt8>, over connection: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func send(_ file: Int32, from start: Int, count: Int, over connection: Int32) {
    var place = start
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while place < start + count {
      let wanted = min(piece.count, start + count - place)
      let found = pread(file, &piece, wanted, place)
      guard found > 0, send(piece[..<found], over: connection) else { return }
      place += found
    }
  }
}
