/// A set of places, a bit each.
package struct PlaceSet: Sendable {
  private var words: [UInt64] = []

  package init() {}

  package mutating func insert(_ place: Int) {
    while words.count <= place / 64 { words.append(0) }
    words[place / 64] |= 1 << UInt64(place % 64)
  }

  package func contains(_ place: Int) -> Bool {
    place / 64 < words.count && words[place / 64] & 1 << UInt64(place % 64) != 0
  }
}
