public import Foundation
import Synchronization

/// Sockets of this machine only.
enum Loopback {
  /// Opens a socket that listens on a free port.
  ///
  /// - Throws: `CocoaError` when no port is free.
  static func listen() throws -> (socket: Int32, port: UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard bind(listener, address, length) == 0, Foundation.listen(listener, 16) == 0,
          getsockname(listener, address, &length) == 0
        else { return nil }
        return UInt16(bigEndian: pointer.pointee.sin_port)
      }
    }
    guard let port else { throw CocoaError(.fileReadUnknown) }
    return (listener, port)
  }
}

/// A web server on this machine that gives fixed answers, byte by byte as a test wants them.
public final class WebServer: Sendable {
  /// Where it listens, `http://127.0.0.1:PORT`.
  public let address: String

  private let listener: Int32
  private let answers: Mutex<[String: Data]>
  private let seen = Mutex<[String]>([])

  /// The paths that were asked for.
  public var requests: [String] { seen.withLock { $0 } }

  /// Starts a server.
  ///
  /// - Parameter answers: What is sent for a path, from the status line on; 404 for other paths.
  /// - Throws: `CocoaError` when no port is free.
  public init(_ answers: [String: Data]) throws {
    let (listener, port) = try Loopback.listen()
    self.listener = listener
    self.answers = Mutex(answers)
    address = "http://127.0.0.1:\(port)"
    Thread.detachNewThread { [weak self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        let path = Self.path(askedBy: client)
        if let answer = self?.answer(to: path) { Self.send(answer, to: client) }
        close(client)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Gives another answer for a path from now on.
  public func change(_ path: String, to answer: Data) { answers.withLock { $0[path] = answer } }

  private func answer(to path: String) -> Data {
    seen.withLock { $0.append(path) }
    let missing = Data("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8)
    return answers.withLock { $0[path] ?? missing }
  }

  /// A whole answer with a body.
  public static func answer(_ body: Data, length: Int? = nil) -> Data {
    Data("HTTP/1.1 200 OK\r\nContent-Length: \(length ?? body.count)\r\n\r\n".utf8) + body
  }

  /// An answer that sends the client elsewhere.
  public static func redirection(to address: String) -> Data {
    Data("HTTP/1.1 302 Found\r\nLocation: \(address)\r\nContent-Length: 0\r\n\r\n".utf8)
  }

  private static func path(askedBy client: Int32) -> String {
    var request: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let count = recv(client, &block, block.count, 0)
      guard count > 0 else { break }
      request += block[..<count]
    }
    return String(decoding: request, as: UTF8.self).split(separator: " ").dropFirst().first
      .map(String.init) ?? ""
  }

  private static func send(_ data: Data, to client: Int32) {
    data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Foundation.send(
          client, bytes.baseAddress?.advanced(by: sent), bytes.count - sent,
          Int32(MSG_NOSIGNAL))
        guard count > 0 else { return }
        sent += count
      }
    }
  }
}
