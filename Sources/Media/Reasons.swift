import CLibAV
import Foundation

/// What an `errno` means, beginning with a small letter, without a full stop.
package func systemReason(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return sentencePart(buffer)
}

/// Why something could not be done to a file.
public struct FileReason: Hashable, Sendable, CustomStringConvertible {
  /// The reason, in the system's words where there are some: beginning with a small letter, without a
  /// full stop.
  public let description: String

  /// Whether there is no room, which is no fault of what was asked.
  public let isFullDisk: Bool

  /// Takes the reason from an error, most likely one of Foundation.
  public init(_ error: any Error) {
    let cocoa = error as? CocoaError
    let causes = [cocoa?.underlying, error]
    let system = causes.lazy.compactMap { $0 as? POSIXError }.first
    isFullDisk = system?.code == .ENOSPC || cocoa?.code == .fileWriteOutOfSpace
    if isFullDisk {
      description = systemReason(ENOSPC)
    } else if let system {
      description = systemReason(system.code.rawValue)
    } else {
      let words = cocoa == nil ? "\(error)" : error.localizedDescription
      description = words.hasSuffix(".") ? String(words.dropLast()) : words
    }
  }
}

/// Why Foundation could not do what was asked of a file; see ``FileReason``.
package func fileReason(_ error: any Error) -> String { FileReason(error).description }

/// What a result of a libav function means, beginning with a small letter, without a full stop.
func libraryReason(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  av_strerror(code, &buffer, buffer.count)
  return sentencePart(buffer)
}

private func sentencePart(_ buffer: [CChar]) -> String {
  let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  let plain = String(decoding: text, as: UTF8.self)
  return plain.prefix(1).lowercased() + plain.dropFirst()
}
