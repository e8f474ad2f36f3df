/// Records that are divided into parts as they come, for sets that are larger than memory
/// but whose parts are not. Of each part only the last records are in memory, the others in a ``Spool``.
package struct SpooledParts: Sendable {
  /// How many parts there are.
  package var count: Int { open.count }

  private let spool: Spool
  private var open: [ByteRecord]

  /// The last piece of each part in the spool; in front of a piece stands which one came before it.
  private var last: [Range<Int>]

  /// How many bytes of a part are in memory.
  private let piece: Int

  /// How many bytes of all parts are in memory.
  private static let memory = 4 << 20

  /// - Parameters:
  ///   - count: How many parts there are.
  ///   - spool: Where the records go.
  package init(_ count: Int, in spool: Spool) {
    self.spool = spool
    open = [ByteRecord](repeating: ByteRecord(), count: count)
    last = [Range<Int>](repeating: 0..<0, count: count)
    piece = Self.memory / max(1, count)
  }

  /// Adds a record to a part.
  package mutating func append(to part: Int, _ write: (inout ByteRecord) -> Void) {
    write(&open[part])
    if open[part].bytes.count >= piece { flush(part) }
  }

  private mutating func flush(_ part: Int) {
    var record = ByteRecord()
    record.append(last[part].lowerBound)
    record.append(last[part].upperBound)
    last[part] = spool.append(record.bytes + open[part].bytes)
    open[part].removeAll()
  }

  /// Has no records in memory any more; more may follow.
  package mutating func flush() {
    for part in open.indices where !open[part].bytes.isEmpty {
      flush(part)
      open[part] = ByteRecord()
    }
  }

  /// Goes through the records of a part, in no particular order.
  ///
  /// - Parameters:
  ///   - part: The part.
  ///   - body: Must read one record.
  package func forEachRecord(of part: Int, _ body: (inout ByteReader) -> Void) {
    open[part].bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      while reader.hasMore { body(&reader) }
    }
    var next = last[part]
    while !next.isEmpty {
      next = spool.withBytes(next) { bytes in
        var reader = ByteReader(bytes)
        let start = reader.int()
        let before = start..<reader.int()
        while reader.hasMore { body(&reader) }
        return before
      }
    }
  }
}
