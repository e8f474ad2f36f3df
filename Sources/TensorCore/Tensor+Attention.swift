import CKernels

extension Tensor {
  /// Scaled dot-product attention of several heads: softmax(Q·Kᵀ / √(D / heads)) · V a head.
  ///
  /// - Parameters:
  ///   - keyValue: [m, 2·D]: in each row the key, then the value.
  ///   - heads: Heads; a divisor of D.
  ///   - count: How many rows of `keyValue` are asked; all without it.
  /// - Returns: [n, D] for these queries [n, D].
  public func attention(keyValue: Tensor, heads: Int, count: Int? = nil) -> Tensor {
    let (asked, head) = (count ?? keyValue.rows, width / heads)
    precondition(
      keyValue.width == 2 * width && head * heads == width && asked <= keyValue.rows,
      "\(shape) asks \(asked) of \(keyValue.shape) with \(heads) heads")
    var scores = Tensor(zeros: [rows, asked])
    return Tensor(shape: [rows, width]) { result in
      values.withUnsafeBufferPointer { query in
        keyValue.values.withUnsafeBufferPointer { memory in
          scores.values.withUnsafeMutableBufferPointer { scores in
            guard let query = query.baseAddress, let memory = memory.baseAddress,
              let scores = scores.baseAddress, let result = result.baseAddress
            else { return }
            for first in stride(from: 0, to: width, by: head) {
              BLAS.multiply(
                BLAS.Matrix(start: query + first, rows: rows, columns: head, stride: width),
                BLAS.Matrix(
                  start: memory + first, rows: asked, columns: head, stride: 2 * width,
                  transposed: true),
                scale: 1 / Float(head).squareRoot(), into: scores, stride: asked)
              kernel_table_best().pointee.softmax(scores, rows, asked)
              BLAS.multiply(
                BLAS.Matrix(start: scores, rows: rows, columns: asked, stride: asked),
                BLAS.Matrix(
                  start: memory + width + first, rows: asked, columns: head, stride: 2 * width),
                into: result + first, stride: width)
            }
          }
        }
      }
    }
  }
}
