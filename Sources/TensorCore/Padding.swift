/// Zeros around a map that is convolved.
public enum Padding: Sendable, Equatable {
  /// TensorFlow's SAME: a place for each `stride` pixels, or part of them; the odd pixel of zeros goes
  /// to the bottom and to the right.
  case same

  /// As many pixels of zeros on all four sides.
  case symmetric(Int)

  /// How many zeros come before the first of `count` pixels, and how many places the window has.
  func places(of count: Int, size: Int, stride: Int) -> (before: Int, places: Int) {
    switch self {
    case .same:
      let places = (count + stride - 1) / stride
      return (max(0, (places - 1) * stride + size - count) / 2, places)
    case .symmetric(let pixels):
      precondition(count + 2 * pixels >= size, "\(count) pixels under a window of \(size)")
      return (pixels, (count + 2 * pixels - size) / stride + 1)
    }
  }
}
