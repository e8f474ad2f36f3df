/// A table of numbers that is read column by column, in memory while it is small: rows are put
/// together by the hundred, and of each such tile those columns are kept that are not empty.
package struct ColumnTiles: Sendable {
  /// How many rows a tile has; the last has fewer.
  package static let tile = 128

  /// What an empty cell holds.
  package let empty: Double

  /// How many rows there are.
  package private(set) var count = 0

  /// How many columns there are.
  package private(set) var width: Int

  private let spool: Spool
  private var tiles: [Tile] = []

  /// The rows behind the last whole tile, column by column.
  private var open: [[Double]] = []

  /// Where a tile is: the numbers of its columns, then the columns.
  private struct Tile: Sendable {
    let start: Int
    let columnCount: Int32

    var header: Int { Int(columnCount) * 4 }
    var bytes: Range<Int> { start..<(start + header + Int(columnCount) * ColumnTiles.tile * 8) }
  }

  /// - Parameters:
  ///   - width: How many columns there are at least.
  ///   - empty: What an empty cell holds.
  ///   - spool: Where the tiles go; several tables may share one.
  package init(width: Int, empty: Double, in spool: Spool) {
    self.width = width
    self.empty = empty
    self.spool = spool
    open = [[Double]](repeating: [], count: width)
  }

  /// Adds a row; cells behind its end are empty, and columns that it is the first to have are new.
  package mutating func append(_ row: [Double]) {
    let rows = count % Self.tile
    while width < row.count {
      open.append([])
      width += 1
    }
    for (column, value) in row.enumerated() where value != empty {
      while open[column].count < rows { open[column].append(empty) }
      open[column].append(value)
    }
    count += 1
    if count % Self.tile == 0 { closeTile() }
  }

  private mutating func closeTile() {
    let columns = open.indices.filter { !open[$0].isEmpty }
    var bytes = columns.map(Int32.init).withUnsafeBytes { Array($0) }
    for column in columns {
      while open[column].count < Self.tile { open[column].append(empty) }
      open[column].withUnsafeBytes { bytes += $0 }
      open[column].removeAll(keepingCapacity: true)
    }
    tiles.append(
      Tile(start: spool.append(bytes).lowerBound, columnCount: Int32(columns.count)))
  }

  /// Goes through the tiles.
  ///
  /// - Parameter body: Gets the rows of a tile, the columns that are not empty, and their numbers:
  ///   as many for each of these columns as there are rows.
  package func forEachTile(
    _ body: (_ rows: Range<Int>, _ columns: [Int32], _ values: [UnsafeBufferPointer<Double>]) ->
      Void
  ) {
    for index in 0..<((count + Self.tile - 1) / Self.tile) { withTile(index, body) }
  }

  private func withTile<Result>(
    _ index: Int,
    _ body: (_ rows: Range<Int>, _ columns: [Int32], _ values: [UnsafeBufferPointer<Double>])
      -> Result
  ) -> Result {
    let rows = (index * Self.tile)..<min((index + 1) * Self.tile, count)
    guard index < tiles.count else {
      let columns = open.indices.filter { !open[$0].isEmpty }
      let values = columns.flatMap { column in
        open[column] + [Double](repeating: empty, count: rows.count - open[column].count)
      }
      return values.withUnsafeBufferPointer { values in
        body(rows, columns.map(Int32.init), Self.split(values, rows.count))
      }
    }
    return spool.withBytes(tiles[index].bytes) { bytes in
      let values = UnsafeRawBufferPointer(rebasing: bytes[tiles[index].header...])
      return body(
        rows, columns(of: bytes, tiles[index]),
        Self.split(values.assumingMemoryBound(to: Double.self), rows.count))
    }
  }

  private func columns(of bytes: UnsafeRawBufferPointer, _ tile: Tile) -> [Int32] {
    var reader = ByteReader(bytes)
    return (0..<tile.columnCount).map { _ in reader.int32() }
  }

  private static func split(
    _ values: UnsafeBufferPointer<Double>, _ count: Int
  ) -> [UnsafeBufferPointer<Double>] {
    stride(from: 0, to: values.count, by: max(1, count)).map {
      UnsafeBufferPointer(rebasing: values[$0..<($0 + count)])
    }
  }

  /// The rows of a tile.
  ///
  /// - Parameter index: The tile's number.
  /// - Returns: The rows, each as long as the table is wide.
  package func rows(ofTile index: Int) -> [[Double]] {
    withTile(index) { rows, columns, values in
      rows.indices.map { row($0 - rows.lowerBound, columns, values) }
    }
  }

  /// One row; whoever wants all takes the tiles.
  package subscript(place: Int) -> [Double] {
    withTile(place / Self.tile) { rows, columns, values in
      row(place - rows.lowerBound, columns, values)
    }
  }

  private func row(
    _ offset: Int, _ columns: [Int32], _ values: [UnsafeBufferPointer<Double>]
  ) -> [Double] {
    var row = [Double](repeating: empty, count: width)
    for (column, values) in zip(columns, values) { row[Int(column)] = values[offset] }
    return row
  }

  /// All numbers of a column, by row.
  package func column(_ column: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count)
    forEachValue(ofColumn: column) { result.append($0) }
    return result
  }

  /// Goes through the numbers of a column by row; of the tiles nothing else is read.
  package func forEachValue(ofColumn column: Int, _ body: (Double) -> Void) {
    for tile in tiles {
      let columns = spool.withBytes(tile.start..<(tile.start + tile.header)) {
        self.columns(of: $0, tile)
      }
      guard let place = columns.firstIndex(of: Int32(column)) else {
        for _ in 0..<Self.tile { body(empty) }
        continue
      }
      let start = tile.start + tile.header + place * Self.tile * 8
      spool.withBytes(start..<(start + Self.tile * 8)) { bytes in
        var reader = ByteReader(bytes)
        for _ in 0..<Self.tile { body(reader.double()) }
      }
    }
    let values = column < open.count ? open[column] : []
    for row in 0..<(count % Self.tile) { body(row < values.count ? values[row] : empty) }
  }
}
