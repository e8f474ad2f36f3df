import CKernels

extension Tensor {
  /// Scaled dot-product attention of several heads: softmax(Q·Kᵀ / √(D / heads)) · V a head.
  ///
  /// - Parameters:
  ///   - keyValue: [batch, m, 2·D], or [m, 2·D] without a batch: in each row the key, then the value.
  ///   - heads: Heads; a divisor of D.
  ///   - count: How many rows of `keyValue` are asked; all without it.
  /// - Returns: [batch, n, D] for these queries [batch, n, D]; each part of the batch asks its own
  ///   rows.
  public func attention(keyValue: Tensor, heads: Int, count: Int? = nil) -> Tensor {
    let batch = shape.count > 2 ? shape[0] : 1
    let (known, rows) = (keyValue.rows / batch, rows / batch)
    let asked = count ?? known
    precondition(
      keyValue.width == 2 * width && width % heads == 0 && (1...known).contains(asked)
        && (shape.count > 2 ? keyValue.shape[0] : 1) == batch,
      "\(shape) asks \(asked) of \(keyValue.shape) with \(heads) heads")
    var sizes = kernel_attention(rows: rows, asked: asked, width: width, heads: heads)
    OperationCounter.add(results: 2 * batch * rows * asked, inner: width)
    return Tensor(shape: shape) { result in
      values.withUnsafeBufferPointer { queries in
        keyValue.values.withUnsafeBufferPointer { memory in
          guard let queries = queries.baseAddress, let memory = memory.baseAddress,
            let result = result.baseAddress
          else { return }
          Scratch.with(Float.self, kernel_attention_count(&sizes), 0) { scratch, _ in
            for part in 0..<batch {
              kernel_table_best().pointee.attention(
                queries + part * rows * width, memory + part * known * 2 * width, &sizes, scratch,
                result + part * rows * width)
            }
          }
        }
      }
    }
  }

  /// From where the queries of ``attention(keyValue:heads:count:)`` take: softmax(Q·Kᵀ / √(D / heads)), the mean
  /// over heads and queries.
  ///
  /// - Parameters:
  ///   - keyValue: [batch, m, 2·D]: in each row the key, then the value.
  ///   - heads: Heads; a divisor of D.
  /// - Returns: [batch, m] for these queries [batch, n, D]; each row adds up to 1.
  public func attentionShares(keyValue: Tensor, heads: Int) -> Tensor {
    let (batch, rows, known) = (shape[0], shape[1], keyValue.shape[1])
    var sizes = kernel_attention(rows: rows, asked: known, width: width, heads: heads)
    return Tensor(shape: [batch, known]) { result in
      values.withUnsafeBufferPointer { queries in
        keyValue.values.withUnsafeBufferPointer { memory in
          guard let queries = queries.baseAddress, let memory = memory.baseAddress,
            let result = result.baseAddress
          else { return }
          Scratch.with(Float.self, known, 0) { scratch, _ in
            for part in 0..<batch {
              kernel_table_best().pointee.attention_shares(
                queries + part * rows * width, memory + part * known * 2 * width, &sizes, scratch,
                result + part * known)
            }
          }
        }
      }
    }
  }
}
