import Media

/// Hashes of what files depend on.
enum Digest {
  /// A hash of several texts in order; no other texts give the same, wherever they are cut.
  static func text(of parts: [String]) -> String {
    var bytes: [UInt8] = []
    for part in parts {
      bytes += "\(part.utf8.count):".utf8
      bytes += part.utf8
    }
    return String(ContentHash.sha256(of: bytes).prefix(32))
  }
}

extension String {
  /// 32-bit FNV-1a of the text: a number that hangs on the text alone.
  var fnv1a: UInt32 {
    utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}
