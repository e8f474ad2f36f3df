/// Memory for the inside of one operation, at the beginning of a cache line.
enum Scratch {
  private static let line = 64

  /// Lends two stretches of values, which hold nothing.
  ///
  /// - Parameters:
  ///   - first: How many values the first one has.
  ///   - second: How many the second one has.
  ///   - body: Uses them.
  static func withFloats(
    _ first: Int, _ second: Int,
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let step = line / MemoryLayout<Float>.stride
    let start = (first + step - 1) / step * step
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(start + second, 1) * MemoryLayout<Float>.stride, alignment: line)
    defer { memory.deallocate() }
    let floats = memory.bindMemory(to: Float.self, capacity: start + second)
    body(floats, floats + start)
  }
}
