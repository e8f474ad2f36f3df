/// Many names in little memory: their bytes (fewer than 4 GiB) one behind the other, and where each
/// ends.
public struct NameTable: RandomAccessCollection, Hashable, Sendable {
  private var bytes: [UInt8] = []
  private var ends: [UInt32] = []

  /// Has no name.
  public init() {}

  /// Takes names in their order.
  public init(_ names: some Sequence<String>) { for name in names { append(name) } }

  /// 0.
  public var startIndex: Int { 0 }
  /// How many names there are.
  public var endIndex: Int { ends.count }

  /// The name at a place.
  public subscript(place: Int) -> String { String(decoding: bytes[range(place)], as: UTF8.self) }

  /// Adds a name behind the others.
  package mutating func append(_ name: String) {
    bytes += name.utf8
    ends.append(UInt32(bytes.count))
  }

  /// Whether the names ascend by their bytes, each once.
  package var isAscending: Bool { indices.dropFirst().allSatisfy { isBelow($0 - 1, $0) } }

  /// The places of the names by their bytes; equal names in their order.
  package var ascending: [Int32] {
    (0..<Int32(count)).sorted { one, other in
      if isBelow(Int(one), Int(other)) { return true }
      return one < other && !isBelow(Int(other), Int(one))
    }
  }

  /// Whether two places hold one name.
  package func isSame(_ one: Int, _ other: Int) -> Bool {
    bytes[range(one)].elementsEqual(bytes[range(other)])
  }

  /// Where a name is; nil when it is not here.
  ///
  /// - Precondition: The names ascend.
  package func place(of name: String) -> Int? {
    let wanted = Array(name.utf8)
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if bytes[range(middle)].lexicographicallyPrecedes(wanted) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < count && bytes[range(low)].elementsEqual(wanted) ? low : nil
  }

  /// The names at some places, in their order.
  package func names(at places: [Int32]) -> NameTable {
    if places.elementsEqual(0..<Int32(count)) { return self }
    var result = NameTable()
    for place in places {
      result.bytes += bytes[range(Int(place))]
      result.ends.append(UInt32(result.bytes.count))
    }
    return result
  }

  /// Whether the bytes of the name at one place come before those of the name at another.
  package func isBelow(_ one: Int, _ other: Int) -> Bool {
    bytes[range(one)].lexicographicallyPrecedes(bytes[range(other)])
  }

  private func range(_ place: Int) -> Range<Int> {
    (place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])
  }
}
