import Foundation

/// Memory that the program no longer uses.
enum FreedMemory {
  /// Gives it back to the system, so that what one part of a build needed does not count beside what
  /// the next one needs.
  ///
  /// `malloc_trim` is looked up by name because Swift's Glibc module leaves it out; other C libraries
  /// do not have it.
  static func giveBack() {
    typealias Trim = @convention(c) (Int) -> Int32
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(symbol, to: Trim.self)(0)
  }
}
