import CLibAV

/// How a stored frame becomes an upright one: an optional transposition, then flips.
struct Orientation: Hashable {
  var isTransposed = false
  var flipsColumns = false
  var flipsRows = false

  /// Upright already.
  init() {}

  /// What a stream's display matrix asks for, to the nearest quarter turn.
  init(of stream: UnsafeMutablePointer<AVStream>) {
    var size = 0
    guard let bytes = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size),
      size >= 9 * MemoryLayout<Int32>.size
    else { return }
    let cells = UnsafeRawPointer(bytes)
    // (x, y) is shown at (a·x + c·y, b·x + d·y); the matrix has the rows a b u, c d v, x y w.
    let (a, b, c, d) = (cell(cells, 0), cell(cells, 1), cell(cells, 3), cell(cells, 4))
    isTransposed = abs(b) + abs(c) > abs(a) + abs(d)
    flipsColumns = (isTransposed ? c : a) < 0
    flipsRows = (isTransposed ? b : d) < 0
  }

  /// Turns packed colours.
  ///
  /// - Parameters:
  ///   - pixels: `height × width × 3` values.
  ///   - width: Pixels in a row, before.
  ///   - height: Rows, before.
  /// - Returns: The same number of values; `width` and `height` are exchanged by a transposition.
  func apply(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    if self == Orientation() { return pixels }
    let newWidth = isTransposed ? height : width
    let newHeight = isTransposed ? width : height
    return [UInt8](unsafeUninitializedCapacity: pixels.count) { turned, count in
      count = pixels.count
      var place = 0
      for y in 0..<newHeight {
        let row = flipsRows ? newHeight - 1 - y : y
        for x in 0..<newWidth {
          let column = flipsColumns ? newWidth - 1 - x : x
          let from = 3 * (isTransposed ? column * width + row : row * width + column)
          for channel in 0..<3 { turned[place + channel] = pixels[from + channel] }
          place += 3
        }
      }
    }
  }
}

private func cell(_ cells: UnsafeRawPointer, _ index: Int) -> Int {
  Int(cells.loadUnaligned(fromByteOffset: index * MemoryLayout<Int32>.size, as: Int32.self))
}
