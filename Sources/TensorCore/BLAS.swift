import CKernels
import COpenBLAS
import Foundation

/// OpenBLAS, one thread a call: threads are above it, one a group of frames.
public enum BLAS {
  /// Checks the installed OpenBLAS and sets it up; to be called before the first product.
  ///
  /// - Parameter precision: How exactly factors of products will be kept.
  /// - Throws: ``ComputeError`` when the library is not the flavour whose calls may overlap, the processor does not
  ///   have the instructions for the precision, or the environment's `AVU_INSTRUCTIONS` names none that are known.
  public static func prepare(for precision: ProductPrecision = .single) throws(ComputeError) {
    if let name = ProcessInfo.processInfo.environment["AVU_INSTRUCTIONS"],
      kernel_table_named(name) == nil
    {
      throw .unknownInstructions(name)
    }
    guard precision.isSupported else { throw .unsupported(precision) }
    let flavour = openblas_get_parallel()
    guard flavour == 1 else { throw .unsuitableBLAS(flavour: Int(flavour)) }
    _ = isSetUp
  }

  /// Set up once, and never while products are under way.
  private static let isSetUp: Void = {
    openblas_set_num_threads(1)
    kernel_keep_freed_memory()
  }()

  /// The processor that OpenBLAS has chosen its kernels for.
  public static var kernels: String { String(cString: openblas_get_corename()) }

  /// A matrix inside of a larger one.
  struct Matrix {
    let start: UnsafePointer<Float>
    let rows: Int
    let columns: Int

    /// Values from one row to the next.
    let stride: Int

    /// Whether the product takes it with rows and columns exchanged.
    var transposed = false
  }

  /// result = scale · left · right; `stride` is from one row of the result to the next.
  static func multiply(
    _ left: Matrix, _ right: Matrix, scale: Float = 1, into result: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    let rows = left.transposed ? left.columns : left.rows
    let inner = left.transposed ? left.rows : left.columns
    let columns = right.transposed ? right.rows : right.columns
    let rightInner = right.transposed ? right.columns : right.rows
    precondition(inner == rightInner, "\(rows)×\(inner) times \(rightInner)×\(columns)")
    OperationCounter.add(results: rows * columns, inner: inner)
    cblas_sgemm(
      CblasRowMajor, left.transposed ? CblasTrans : CblasNoTrans,
      right.transposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns),
      blasint(inner), scale, left.start, blasint(left.stride), right.start,
      blasint(right.stride), 0, result, blasint(stride))
  }
}
