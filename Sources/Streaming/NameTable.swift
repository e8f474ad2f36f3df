import Foundation

/// Names one behind the other, in memory while they are few and else in a temporary file.
public struct NameTable: RandomAccessCollection, Hashable, Sendable {
  private var records: SpooledRecords
  private let spool: Spool

  /// Has no name.
  public init() { self.init(in: Spool()) }

  /// Takes names in their order.
  public init(_ names: some Sequence<String>) {
    self.init()
    for name in names { append(name) }
  }

  /// Has no name.
  ///
  /// - Parameter spool: Where names go.
  package init(in spool: Spool) {
    self.spool = spool
    records = SpooledRecords(in: spool)
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// How many names there are.
  public var endIndex: Int { records.count }

  /// The name at a place.
  public subscript(place: Int) -> String {
    records.withRecord(place) { String(decoding: $0, as: UTF8.self) }
  }

  /// Adds a name behind the others.
  package mutating func append(_ name: String) { records.append(name.utf8) }

  /// Why names stay in memory that should be in a file; nil while all is well.
  package var failure: SpoolFailure? { spool.failure }

  /// Whether the names ascend by their bytes, each once.
  package var isAscending: Bool { indices.dropFirst().allSatisfy { isBelow($0 - 1, $0) } }

  /// The names by their bytes.
  ///
  /// - Parameter run: How many of them are sorted in memory; such runs are merged.
  /// - Returns: The names in order, equal ones too.
  package func sorted(run: Int = 1 << 16) -> NameTable {
    let runs = stride(from: 0, to: count, by: run).map { start in
      var sorted = NameTable(in: spool)
      for name in self[start..<Swift.min(start + run, count)].sorted(by: Self.isBelow) {
        sorted.append(name)
      }
      return sorted
    }
    if runs.count <= 1 { return runs.first ?? self }
    var result = NameTable(in: spool)
    var heads = runs.map { $0.makeIterator() }
    var names = heads.indices.map { heads[$0].next() }
    while true {
      var least: Int?
      for (run, name) in names.enumerated() {
        guard let name else { continue }
        if let other = least.flatMap({ names[$0] }), !Self.isBelow(name, other) { continue }
        least = run
      }
      guard let least, let name = names[least] else { return result }
      result.append(name)
      names[least] = heads[least].next()
    }
  }

  /// The places of the names by their bytes; equal names in their order. Takes memory for all of them.
  package var ascending: [Int32] {
    let names = Array(self)
    return (0..<Int32(count)).sorted { one, other in
      if Self.isBelow(names[Int(one)], names[Int(other)]) { return true }
      return one < other && !Self.isBelow(names[Int(other)], names[Int(one)])
    }
  }

  private static func isBelow(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// Whether two places hold one name.
  package func isSame(_ one: Int, _ other: Int) -> Bool { compare(one, self, other) == 0 }

  /// Whether the bytes of the name at one place come before those of the name at another.
  package func isBelow(_ one: Int, _ other: Int) -> Bool { compare(one, self, other) < 0 }

  private func compare(_ one: Int, _ others: NameTable, _ other: Int) -> Int {
    records.withRecord(one) { left in
      others.records.withRecord(other) { Self.compare(left, $0) }
    }
  }

  /// Below 0 when the left bytes come first, 0 when they are the same.
  private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer)
    -> Int
  {
    let shared = Swift.min(left.count, right.count)
    if shared > 0, let one = left.baseAddress, let other = right.baseAddress {
      let order = memcmp(one, other, shared)
      if order != 0 { return Int(order) }
    }
    return left.count - right.count
  }

  /// Where a name is; nil when it is not here.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - likely: Where to look first.
  /// - Returns: The place of one of its kind.
  /// - Precondition: The names ascend.
  package func place(of name: String, likely: Int = -1) -> Int? {
    var name = name
    return name.withUTF8 { bytes in
      let wanted = UnsafeRawBufferPointer(bytes)
      func order(_ place: Int) -> Int { records.withRecord(place) { Self.compare($0, wanted) } }
      if indices.contains(likely), order(likely) == 0 { return likely }
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if order(middle) < 0 { low = middle + 1 } else { high = middle }
      }
      return low < count && order(low) == 0 ? low : nil
    }
  }

  /// The names at some places, in their order.
  package func names(at places: some Collection<Int32>) -> NameTable {
    if places.elementsEqual(0..<Int32(count)) { return self }
    var result = NameTable()
    for place in places { result.append(self[Int(place)]) }
    return result
  }

  /// Whether both have the same names, by their bytes and in the same order.
  public static func == (left: NameTable, right: NameTable) -> Bool {
    left.count == right.count && left.indices.allSatisfy { left.compare($0, right, $0) == 0 }
  }

  /// Feeds the number of names and the last one.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    hasher.combine(last)
  }
}
