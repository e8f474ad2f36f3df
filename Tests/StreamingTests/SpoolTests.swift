import Testing

@testable import Streaming

struct SpoolTests {
  @Test(arguments: [0, 100, 1 << 20])
  func `bytes are read back from memory, from the file and across both`(_ limit: Int) {
    let spool = Spool(limit: limit)
    var places: [Range<Int>] = []
    for number in 0..<200 {
      places.append(spool.append([UInt8](repeating: UInt8(number), count: number * 20)))
    }
    for (number, place) in places.enumerated() {
      #expect(
        spool.withBytes(place) { Array($0) }
          == [UInt8](repeating: UInt8(number), count: number * 20))
    }
    let all = spool.withBytes(0..<spool.count) { Array($0) }
    let expected = (0..<200).flatMap { [UInt8](repeating: UInt8($0), count: $0 * 20) }
    #expect(all == expected)
  }

  @Test func `a record gives back what was written, in its order`() {
    var record = ByteRecord()
    record.append(Int32(-7))
    record.append("é😀")
    record.append([Int32](arrayLiteral: 1, 2, 3))
    record.append(nil)
    record.append(0.1)
    record.append("")
    let spool = Spool(limit: 0)
    spool.append([1])
    spool.withBytes(spool.append(record.bytes)) { bytes in
      var reader = ByteReader(bytes)
      #expect(reader.int32() == -7 && reader.text() == "é😀" && reader.int32s() == [1, 2, 3])
      #expect(reader.optionalDouble() == nil && reader.double() == 0.1 && reader.text().isEmpty)
    }
  }

  @Test func `rows are found again by place, by tile and by column`() {
    for count in [0, 1, 127, 128, 129, 400] {
      var table = ColumnTiles(width: 2, empty: -1, in: Spool(limit: 0))
      let rows = (0..<count).map { row in
        row == 300 ? [1, 2, 3, 4] : [Double(row % 3) - 1, row > 200 ? 5 : -1]
      }
      for row in rows { table.append(row) }
      let whole = rows.map { $0 + [Double](repeating: -1, count: table.width - $0.count) }
      #expect(rows.indices.map { table[$0] } == whole)
      for column in 0..<table.width { #expect(table.column(column) == whole.map { $0[column] }) }
      let tiles = (count + ColumnTiles.tile - 1) / ColumnTiles.tile
      #expect((0..<tiles).flatMap { table.rows(ofTile: $0) } == whole)
    }
  }

  @Test func `names are found by their bytes`() {
    let names = NameTable(["b", "a", "é", "b", "", "ab"])
    let order = names.ascending
    #expect(order == [4, 1, 5, 0, 3, 2] && !names.isAscending)
    let sorted = NameTable(["", "a", "ab", "b", "é"])
    #expect(
      sorted.isAscending && sorted.place(of: "ab") == 2 && sorted.place(of: "e\u{301}") == nil)
    #expect(Array(names.names(at: order)) == ["", "a", "ab", "b", "b", "é"])
  }

  @Test func `records and names are found again in a file, empty ones too`() {
    let names = (0..<1000).map { $0 % 50 == 0 ? "" : "name \($0 * 7919 % 1000)" }
    var table = NameTable(in: Spool(limit: 0))
    for name in names { table.append(name) }
    #expect(Array(table) == names && table == NameTable(names) && table != NameTable(["a"]))
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(Array(table.sorted(run: 64)) == sorted && Array(table.sorted()) == sorted)
    #expect(table.names(at: table.ascending) == table.sorted(run: 7))
    var unique = NameTable(in: Spool(limit: 0))
    for name in Set(names).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      unique.append(name)
    }
    #expect(unique.isAscending)
    for (place, name) in unique.enumerated() {
      #expect(unique.place(of: name) == place && unique.place(of: name, likely: 3) == place)
    }
    #expect(unique.place(of: "name") == nil && unique.place(of: "zebra", likely: 0) == nil)
  }

  @Test func `parts give back their records, whatever was in memory`() {
    var parts = SpooledParts(1 << 17, in: Spool(limit: 0))
    for number in 0..<500 { parts.append(to: number % 3) { $0.append(Int32(number)) } }
    parts.flush()
    for number in 500..<520 { parts.append(to: number % 3) { $0.append(Int32(number)) } }
    for part in 0..<4 {
      var found: [Int32] = []
      parts.forEachRecord(of: part) { found.append($0.int32()) }
      #expect(found.sorted() == (0..<520).filter { $0 % 3 == Int32(part) })
    }
  }

  @Test func `a set of places has what was put into it`() {
    var set = PlaceSet()
    for place in [0, 63, 64, 1000] { set.insert(place) }
    #expect((0..<2000).filter(set.contains) == [0, 63, 64, 1000])
  }

  @Test func `a spool whose file cannot be made says so and loses nothing`() {
    let spool = Spool(limit: 10, folders: ["/nowhere", "/dev/null"])
    let first = spool.append([1, 2, 3])
    #expect(spool.failure == nil)
    let second = spool.append([UInt8](repeating: 4, count: 100))
    #expect(spool.failure?.folder == "/dev/null" && spool.failure?.reason == "Not a directory")
    #expect(spool.withBytes(first) { Array($0) } == [1, 2, 3])
    #expect(spool.withBytes(second) { Array($0) } == [UInt8](repeating: 4, count: 100))
    #expect(Spool(limit: 10, folders: []).failure == nil)
  }
}
