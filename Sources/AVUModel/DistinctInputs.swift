/// The different ones among inputs, so that silence and pictures that stand still are computed once.
struct DistinctInputs<Input> {
  /// Each input once, in the order of their first places.
  private(set) var inputs: [Input] = []

  /// Which of ``inputs`` stands at each place.
  private(set) var places: [Int] = []

  /// Compares each input with the different ones before it.
  init(_ all: some Sequence<Input>, by areEqual: (Input, Input) -> Bool) {
    for input in all {
      if let known = inputs.firstIndex(where: { areEqual($0, input) }) {
        places.append(known)
      } else {
        places.append(inputs.count)
        inputs.append(input)
      }
    }
  }
}

extension DistinctInputs where Input: Equatable {
  init(_ all: some Sequence<Input>) { self.init(all, by: ==) }
}
