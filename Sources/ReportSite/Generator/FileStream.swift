import Foundation

/// A file of the new site that is written piece by piece.
final class FileStream {
  private let path: String
  private let file: Int32
  private var buffer: [UInt8] = []

  /// Makes the file.
  init(_ relative: String, in folder: SiteFolder) throws(SiteError) {
    path = try folder.prepare(relative)
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .cannotWrite(path: path, reason: lastSystemFailure()) }
  }

  deinit { close(file) }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws(SiteError) {
    buffer += bytes
    if buffer.count >= 1 << 17 { try flush() }
  }

  /// Hands everything over to the system.
  func flush() throws(SiteError) {
    try SiteFile.writeAll(buffer[...], to: file, path)
    buffer.removeAll(keepingCapacity: true)
  }
}
