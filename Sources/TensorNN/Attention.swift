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
  /// - Parameter memory: [..., D].
  /// - Returns: [..., 2·D].
  public func keysAndValues(_ memory: Tensor) -> Tensor { keyValue(memory) }

  /// Asks other rows; each part of a batch its own.
  ///
  /// - Parameters:
  ///   - x: [batch, n, D], the rows that ask.
  ///   - memory: [batch, m, D], the rows that are asked.
  /// - Returns: [batch, n, D].
  public func callAsFunction(_ x: Tensor, _ memory: Tensor) -> Tensor {
    output(query(x).attention(keyValue: keyValue(memory), heads: heads))
  }

  /// Asks other rows, and notes from where the answers come.
  ///
  /// - Parameters:
  ///   - x: [batch, n, D], the rows that ask.
  ///   - memory: [batch, m, D], the rows that are asked.
  /// - Returns: The answers [batch, n, D], and what part of them comes from each row that was asked, [batch, m]:
  ///   the mean over heads and rows that ask.
  public func withShares(_ x: Tensor, _ memory: Tensor) -> (answers: Tensor, shares: Tensor) {
    let (queries, known) = (query(x), keyValue(memory))
    return (
      output(queries.attention(keyValue: known, heads: heads)),
      queries.attentionShares(keyValue: known, heads: heads)
    )
  }

  /// Asks rows whose keys and values are known; each row its own.
  ///
  /// - Parameters:
  ///   - x: [n, D], the rows that ask.
  ///   - known: For each of them [m, 2·D], from ``keysAndValues(_:)``.
  ///   - count: How many of the known rows are asked; all without it.
  /// - Returns: [n, D].
  public func callAsFunction(_ x: Tensor, eachKnowing known: [Tensor], count: Int? = nil) -> Tensor
  {
    let queries = query(x)
    return output(
      .joinedRows(
        known.indices.map {
          queries.rows($0..<$0 + 1).attention(keyValue: known[$0], heads: heads, count: count)
        }))
  }
}
