import CLibAV
import Foundation

/// What an `errno` means, beginning with a small letter, without a full stop.
func systemReason(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return sentencePart(buffer)
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
