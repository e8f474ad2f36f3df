import CKernels

/// A weight matrix in memory that somebody else keeps, as a mapped file: nothing is copied, and processes
/// that map the same file share it.
public struct StoredMatrix: @unchecked Sendable {
  /// How a value is stored.
  public enum Precision: Sendable {
    /// IEEE half precision, little endian, of any alignment.
    case half

    /// Single precision, aligned.
    case single
  }

  /// Values of each row that come in.
  public let inputs: Int

  /// Values of each row that go out.
  public let outputs: Int

  /// [outputs, inputs], as PyTorch stores it; nobody writes there.
  private let start: UnsafeRawPointer

  private let precision: Precision

  /// Keeps the memory.
  private let owner: any AnyObject & Sendable

  /// Wraps memory.
  ///
  /// - Parameters:
  ///   - start: [outputs, inputs], there as long as the owner is, and never written to.
  ///   - precision: How a value is stored.
  ///   - inputs: Values of each row that come in.
  ///   - outputs: Values of each row that go out.
  ///   - owner: What keeps the memory.
  public init(
    start: UnsafeRawPointer, precision: Precision, inputs: Int, outputs: Int,
    owner: any AnyObject & Sendable
  ) {
    self.start = start
    self.precision = precision
    self.inputs = inputs
    self.outputs = outputs
    self.owner = owner
  }

  /// Whether no value is infinite or no number.
  public var isFinite: Bool {
    let count = inputs * outputs
    switch precision {
    case .half:
      return kernel_all_finite_halves(start.assumingMemoryBound(to: UInt8.self), count) != 0
    case .single: return kernel_all_finite(start.assumingMemoryBound(to: Float.self), count) != 0
    }
  }

  /// Lends the weights in the kernels' order, panel after panel.
  func eachPanel(
    bias: [Float], _ body: (_ packed: UnsafePointer<Float>, _ first: Int, _ columns: Int) -> Void
  ) {
    let panel = min(Int(kernel_panel_columns()), outputs)
    let widened = precision == .half ? panel * inputs : 0
    Scratch.with(Float.self, kernel_packed_count(inputs, panel), widened) { packed, wide in
      for first in stride(from: 0, to: outputs, by: panel) {
        let columns = min(panel, outputs - first)
        let values = rows(first, columns, wide)
        bias.withUnsafeBufferPointer { bias in
          guard let bias = bias.baseAddress else { return }
          kernel_pack_transposed(values, bias + first, inputs, columns, packed)
        }
        body(packed, first, columns)
      }
    }
  }

  /// Some rows in single precision: where they are, or widened into memory.
  private func rows(
    _ first: Int, _ count: Int, _ wide: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    switch precision {
    case .single: return start.assumingMemoryBound(to: Float.self) + first * inputs
    case .half:
      let halves = start.assumingMemoryBound(to: UInt8.self) + 2 * first * inputs
      kernel_table_best().pointee.widen(halves, wide, count * inputs)
      return UnsafePointer(wide)
    }
  }
}
