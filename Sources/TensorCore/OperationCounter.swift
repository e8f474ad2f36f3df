import Synchronization

/// Floating-point operations of products and convolutions, counted from their sizes as they are
/// computed: two for each multiplication with its addition.
///
/// What is done value by value (norms, activations, sums) is not counted, as PyTorch's
/// `FlopCounterMode` does not. Padding of weights is no work either.
public final class OperationCounter: Sendable {
  /// What counts on this thread, if anything does.
  @TaskLocal public static var current: OperationCounter?

  private let multiplications = Atomic<Int>(0)

  /// Begins with nothing.
  public init() {}

  /// How many operations there were.
  public var count: Int { 2 * multiplications.load(ordering: .relaxed) }

  /// Counts a product: each of `results` values sums `inner` multiplications.
  static func add(results: Int, inner: Int) {
    guard let current else { return }
    current.multiplications.wrappingAdd(results * inner, ordering: .relaxed)
  }
}
