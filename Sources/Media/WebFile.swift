import CLibAV
import Foundation

/// Files on the web, fetched over HTTP or HTTPS by libavformat.
///
/// A whole copy is made before anything is decoded: a server that changes or breaks off its answer
/// fails the download, not the picture, and a copy can be checked against its hash.
public enum WebFile {
  /// Downloads a file into an open one.
  ///
  /// Certificates are checked; redirections are followed, to HTTP and HTTPS only; a server that is
  /// silent for half a minute is given up.
  ///
  /// - Parameters:
  ///   - address: Where the file is.
  ///   - descriptor: An open file, which is written from its current place on.
  ///   - progress: Called now and then while bytes come in.
  /// - Throws: ``MediaError/cannotFetch(address:reason:)``,
  ///   ``MediaError/serverAway(address:reason:)``, ``MediaError/cannotWrite(path:reason:)`` or ``MediaError/outOfMemory``.
  public static func download(
    _ address: WebAddress, to descriptor: Int32, progress: () -> Void = {}
  ) throws(MediaError) {
    let connection = try Connection(address)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { block.deallocate() }
    while true {
      let count = try connection.read(into: block)
      if count == 0 { return }
      try write(UnsafeRawBufferPointer(rebasing: block[..<count]), to: descriptor, address)
      progress()
    }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ address: WebAddress
  ) throws(MediaError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw .cannotWrite(path: "the copy of \(address.shown)", reason: systemReason(errno))
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}

/// A server's answer in progress.
private final class Connection {
  private let address: WebAddress
  private var context: UnsafeMutablePointer<AVIOContext>?

  init(_ address: WebAddress) throws(MediaError) {
    self.address = address
    MediaFile.setUp
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    let settings: KeyValuePairs = [
      "protocol_whitelist": "http,https,httpproxy,tcp,tls", "rw_timeout": "30000000",
      "tls_verify": "1", "seekable": "0", "user_agent": "avu",
    ]
    for (name, value) in settings { av_dict_set(&options, name, value, 0) }
    let result = avio_open2(&context, address.text, AVIO_FLAG_READ, nil, &options)
    if result < 0 { throw failure(result) }
  }

  deinit { avio_closep(&context) }

  /// Reads on; 0 at the end.
  func read(into block: UnsafeMutableRawBufferPointer) throws(MediaError) -> Int {
    let start = block.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let count = avio_read_partial(context, start, Int32(clamping: block.count))
    if count > 0 { return Int(count) }
    // A connection that breaks off before the promised length ends with an error that is kept here.
    let kept = context?.pointee.error ?? 0
    let result = kept < 0 ? kept : count
    guard result == 0 || result == kAVErrorEOF else { throw failure(result) }
    return 0
  }

  /// What may be over in a while, whatever is asked for.
  private static let away: Set<Int32> = [
    kAVErrorServer, -ECONNREFUSED, -ETIMEDOUT, -EHOSTUNREACH, -ENETUNREACH, -ECONNRESET,
  ]

  private func failure(_ code: Int32) -> MediaError {
    if code == kAVErrorENOMEM { return .outOfMemory }
    if Self.away.contains(code) {
      return .serverAway(address: address.shown, reason: libraryReason(code))
    }
    return .cannotFetch(address: address.shown, reason: libraryReason(code))
  }
}
