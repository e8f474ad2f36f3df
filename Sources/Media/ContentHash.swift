import CLibAV

/// SHA-256 of contents, as 64 lower-case hexadecimal digits.
public enum ContentHash {
  /// Hashes bytes.
  ///
  /// - Parameter bytes: The content.
  /// - Returns: The hash.
  public static func sha256(of bytes: [UInt8]) -> String {
    let digest = Digest()
    bytes.withUnsafeBytes { digest.add($0) }
    return digest.text()
  }

  /// Hashes a file without loading it.
  ///
  /// - Parameter path: The file.
  /// - Returns: The hash.
  /// - Throws: ``MediaError/cannotOpen(path:reason:)`` or ``MediaError/cannotRead(path:reason:)``.
  public static func sha256(ofFile path: String) throws(MediaError) -> String {
    let file = try RegularFile(path: path)
    let digest = Digest()
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { block.deallocate() }
    while true {
      let count = try file.read(into: block, path: path)
      if count == 0 { return digest.text() }
      digest.add(UnsafeRawBufferPointer(rebasing: block[..<count]))
    }
  }
}

/// libavutil's SHA-256 in progress.
private final class Digest {
  private let context: OpaquePointer

  init() {
    guard let context = av_sha_alloc(), av_sha_init(context, 256) == 0 else {
      preconditionFailure("no memory for a SHA-256")
    }
    self.context = context
  }

  deinit { av_free(UnsafeMutableRawPointer(context)) }

  func add(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    av_sha_update(context, start.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  func text() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    av_sha_final(context, &digest)
    let digits = Array("0123456789abcdef".utf8)
    let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
