/// Places of clips in a list, which take no memory where they are all of them in their order.
struct ClipPlaces: RandomAccessCollection, Sendable {
  private let places: [Int32]?

  var startIndex: Int { 0 }
  let endIndex: Int

  /// All of so many places.
  init(all count: Int) {
    places = nil
    endIndex = count
  }

  /// Some places.
  init(_ places: [Int32]) {
    self.places = places
    endIndex = places.count
  }

  subscript(index: Int) -> Int32 { places?[index] ?? Int32(index) }
}
