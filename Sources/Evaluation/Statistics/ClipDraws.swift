import Streaming

/// Draws as many clips as there are, with replacement, tile by tile of a ``ClipTable``: first how many
/// fall into each tile, then which of its clips. That is the same as drawing from all clips at once,
/// and needs a number for each tile instead of one for each clip.
struct ClipDraws {
  private var generator: SplitMix64

  /// How many draws fall into each tile, and which tile comes next.
  private var draws: [Int32]
  private var tile = 0

  /// - Parameters:
  ///   - count: How many clips there are.
  ///   - generator: Where the random numbers come from.
  init(of count: Int, _ generator: SplitMix64) {
    self.generator = generator
    if count <= ColumnTiles.tile {
      draws = [Int32(count)]
      return
    }
    draws = [Int32](repeating: 0, count: (count + ColumnTiles.tile - 1) / ColumnTiles.tile)
    for _ in 0..<count { draws[self.generator.index(below: count) / ColumnTiles.tile] += 1 }
  }

  /// Draws from the next tile.
  ///
  /// - Parameters:
  ///   - count: How many clips the tile has.
  ///   - body: Gets the place in the tile of each clip that is drawn, as often as it is.
  mutating func next(_ count: Int, _ body: (Int) -> Void) {
    for _ in 0..<draws[tile] { body(generator.index(below: count)) }
    tile += 1
  }
}
