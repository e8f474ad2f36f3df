public import TensorCore

/// Multi-head attention: some rows ask others.
public struct Attention: Sendable {
  private let query: Linear
  private let keyValue: Linear
  private let output: Linear
  private let heads: Int

  /// Reads `query`, `key_value` (all keys, then all values) and `output`.
  ///
  /// - Parameters:
  ///   - weights: The layer's part of the file.
  ///   - width: D, values of a row.
  ///   - heads: Heads; a divisor of `width`.
  /// - Throws: ``WeightsError``.
  public init(_ weights: Weights, _ width: Int, heads: Int) throws(WeightsError) {
    query = try Linear(weights["query"], width, width)
    keyValue = try Linear(weights["key_value"], width, 2 * width)
    output = try Linear(weights["output"], width, width)
    self.heads = heads
  }

  /// Keys and values of rows that will be asked, once or often.
  ///
  /// - Parameter memory: [m, D].
  /// - Returns: [m, 2·D].
  public func keysAndValues(_ memory: Tensor) -> Tensor { keyValue(memory) }

  /// Asks rows whose keys and values are known.
  ///
  /// - Parameters:
  ///   - x: [n, D], the rows that ask.
  ///   - known: [m, 2·D], from ``keysAndValues(_:)``.
  ///   - count: How many of the known rows are asked; all without it.
  /// - Returns: [n, D].
  public func callAsFunction(_ x: Tensor, known: Tensor, count: Int? = nil) -> Tensor {
    output(query(x).attention(keyValue: known, heads: heads, count: count))
  }

  /// Asks other rows.
  ///
  /// - Parameters:
  ///   - x: [n, D], the rows that ask.
  ///   - memory: [m, D], the rows that are asked.
  /// - Returns: [n, D].
  public func callAsFunction(_ x: Tensor, _ memory: Tensor) -> Tensor {
    self(x, known: keyValue(memory))
  }
}
