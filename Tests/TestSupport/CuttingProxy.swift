import Foundation
import Synchronization

/// Stands between programs and a PostgreSQL server, and cuts connections where it hurts most.
///
/// By turns, it cuts in the middle of an answer that ends a transaction, so that the program cannot
/// know whether it was committed, though it was; and it swallows a request.
public final class CuttingProxy: Sendable {
  /// The port on 127.0.0.1 that programs connect to.
  public let port: UInt16

  private let listener: Int32
  private let server: String
  private let interval: Int
  private let state = Mutex((answers: 0, cuts: 0, swallows: false))

  /// How many connections were cut.
  public var cuts: Int { state.withLock { $0.cuts } }

  /// Starts to take connections.
  ///
  /// - Parameters:
  ///   - server: The path of the server's socket.
  ///   - interval: How many transactions get through from one cut to the next.
  /// - Throws: `CocoaError` when no port is free.
  public init(to server: String, cuttingEvery interval: Int) throws {
    (listener, port) = try Loopback.listen()
    self.server = server
    self.interval = interval
    Thread.detachNewThread { [listener, weak self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        self?.relay(client)
      }
    }
  }

  /// Takes no connections any more; those that are open stay.
  public func close() {
    shutdown(listener, Int32(SHUT_RDWR))
    Foundation.close(listener)
  }

  private func relay(_ client: Int32) {
    let server = Self.connect(to: server)
    let left = Mutex(2)
    let pump: @Sendable (Int32, Int32, @escaping @Sendable ([UInt8]) -> Int) -> Void = {
      source, target, allowed in
      Thread.detachNewThread {
        Self.copy(from: source, to: target, allowed)
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
        let count = left.withLock { left in
          left -= 1
          return left
        }
        if count == 0 {
          Foundation.close(client)
          Foundation.close(server)
        }
      }
    }
    pump(client, server) { [self] in mayAsk() ? $0.count : -1 }
    pump(server, client) { [self] in mayAnswer($0) }
  }

  /// Whether a request gets through.
  private func mayAsk() -> Bool {
    state.withLock { state in
      guard state.swallows else { return true }
      state.swallows = false
      state.cuts += 1
      return false
    }
  }

  /// How much of an answer gets through; less than all of it cuts the connection.
  private func mayAnswer(_ bytes: [UInt8]) -> Int {
    // “Ready for query, idle”: whatever was asked for is committed.
    guard bytes.suffix(6) == [UInt8(ascii: "Z"), 0, 0, 0, 5, UInt8(ascii: "I")] else {
      return bytes.count
    }
    return state.withLock { state in
      state.answers += 1
      guard state.answers.isMultiple(of: interval) else { return bytes.count }
      if (state.answers / interval).isMultiple(of: 2) {
        state.swallows = true
        return bytes.count
      }
      state.cuts += 1
      return bytes.count - 3
    }
  }

  private static func copy(
    from source: Int32, to target: Int32, _ allowed: ([UInt8]) -> Int
  ) {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(source, &block, block.count, 0)
      guard count > 0 else { return }
      let bytes = Array(block[..<count])
      let length = allowed(bytes)
      var sent = 0
      while sent < length {
        let part = bytes[sent..<length].withUnsafeBytes {
          send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard part > 0 else { return }
        sent += part
      }
      if length < count { return }
    }
  }

  private static func connect(to path: String) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = Foundation.connect(descriptor, address, length)
      }
    }
    return descriptor
  }
}
