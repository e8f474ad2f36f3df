/// Records of bytes, found by their number. In memory is for each page of them where it lies; all
/// else is in a ``Spool``.
package struct SpooledRecords: Sendable {
  /// How many records there are.
  package private(set) var count = 0

  private let spool: Spool

  /// Where each whole page begins: the ends of its records, then the records.
  private var pages: [Int] = []

  /// The records behind the last whole page, and where each ends.
  private var open: [UInt8] = []
  private var ends: [Int32] = []

  /// How many records a page has.
  private static let page = 64

  /// - Parameter spool: Where the pages go; others may use it, too.
  package init(in spool: Spool) { self.spool = spool }

  /// Adds a record behind the others.
  package mutating func append(_ record: some Sequence<UInt8>) {
    open += record
    ends.append(Int32(open.count))
    count += 1
    if ends.count < Self.page { return }
    pages.append(spool.append(ends.withUnsafeBytes { Array($0) } + open).lowerBound)
    open.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Gives the bytes of a record.
  package func withRecord<Result>(
    _ place: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let (page, own) = place.quotientAndRemainder(dividingBy: Self.page)
    guard page < pages.count else {
      return try open.withUnsafeBytes {
        let start = own == 0 ? 0 : Int(ends[own - 1])
        return try body(UnsafeRawBufferPointer(rebasing: $0[start..<Int(ends[own])]))
      }
    }
    let start = pages[page]
    let bounds = spool.withBytes((start + max(0, own - 1) * 4)..<(start + (own + 1) * 4)) { bytes in
      var reader = ByteReader(bytes)
      let first = own == 0 ? 0 : Int(reader.int32())
      return first..<Int(reader.int32())
    }
    let records = start + Self.page * 4
    return try spool.withBytes(
      (records + bounds.lowerBound)..<(records + bounds.upperBound), body)
  }
}
