import Foundation

/// Puts existing files into a site.
enum SiteFile {
  /// Copies or hard-links a file.
  ///
  /// - Throws: ``VideoProblem`` when the source cannot be read, ``SiteError`` when the site cannot
  ///   be written: only the second must end a build.
  static func place(_ source: String, at target: String, linking: Bool) throws {
    // The file itself, should the source be a symbolic link.
    if linking, linkat(AT_FDCWD, source, AT_FDCWD, target, AT_SYMLINK_FOLLOW) == 0 { return }
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw VideoProblem.unreadable(lastSystemFailure()) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw failure(target) }
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(input, &buffer, buffer.count)
      if count == 0 { return }
      guard count > 0 else { throw VideoProblem.unreadable(lastSystemFailure()) }
      try writeAll(buffer[..<count], to: output, target)
    }
  }

  /// Writes a new file.
  static func write(_ content: [UInt8], to target: String) throws(SiteError) {
    let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw failure(target) }
    defer { close(output) }
    try writeAll(content[...], to: output, target)
  }

  private static func writeAll(
    _ bytes: ArraySlice<UInt8>, to output: Int32, _ target: String
  ) throws(SiteError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(output, $0.baseAddress, $0.count) }
      guard written > 0 else { throw failure(target) }
      rest = rest.dropFirst(written)
    }
  }

  private static func failure(_ target: String) -> SiteError {
    .cannotWrite(path: target, reason: lastSystemFailure())
  }
}
