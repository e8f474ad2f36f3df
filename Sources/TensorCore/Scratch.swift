/// Memory for the inside of one operation, at the beginning of a cache line.
enum Scratch {
  private static let line = 64

  /// Lends two stretches of values, which hold nothing.
  ///
  /// - Parameters:
  ///   - type: What a value is.
  ///   - first: How many values the first one has.
  ///   - second: How many the second one has.
  ///   - body: Uses them.
  static func with<Value: BitwiseCopyable>(
    _ type: Value.Type, _ first: Int, _ second: Int,
    _ body: (UnsafeMutablePointer<Value>, UnsafeMutablePointer<Value>) -> Void
  ) {
    let step = line / MemoryLayout<Value>.stride
    let start = (first + step - 1) / step * step
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(start + second, 1) * MemoryLayout<Value>.stride, alignment: line)
    defer { memory.deallocate() }
    let values = memory.bindMemory(to: type, capacity: start + second)
    body(values, values + start)
  }
}
