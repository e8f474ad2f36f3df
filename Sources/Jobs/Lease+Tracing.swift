extension Lease {
  /// Names the attempt in logs and traces: a trace id of W3C Trace Context, 32 hexadecimal digits.
  ///
  /// It follows from the lease, so that every line about an attempt has the same one, whoever writes
  /// it; the lease's token is random, so no other attempt has it.
  package var traceID: String { Self.hexadecimal(token) + Self.hexadecimal(job) }

  /// Names the attempt as a span: 16 hexadecimal digits.
  package var spanID: String { Self.hexadecimal(token) }

  private static func hexadecimal(_ number: Int64) -> String {
    let digits = String(UInt64(bitPattern: number), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
