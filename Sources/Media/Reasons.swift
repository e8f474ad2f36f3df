import CLibAV
import Foundation

/// What an `errno` means, beginning with a small letter, without a full stop.
package func systemReason(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return sentencePart(buffer)
}

/// What ``fileReason(_:)`` says of a full disk.
package let noRoom = systemReason(ENOSPC)

/// Why Foundation could not do what was asked of a file, in the system's words where there are
/// some: beginning with a small letter, without a full stop.
package func fileReason(_ error: any Error) -> String {
  let causes = [(error as? CocoaError)?.underlying, error]
  if let system = causes.lazy.compactMap({ $0 as? POSIXError }).first {
    return systemReason(system.code.rawValue)
  }
  if (error as? CocoaError)?.code == .fileWriteOutOfSpace { return noRoom }
  let words = error.localizedDescription
  return words.hasSuffix(".") ? String(words.dropLast()) : words
}

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
