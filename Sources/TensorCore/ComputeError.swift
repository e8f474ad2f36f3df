/// Why this machine cannot compute.
public enum ComputeError: Error, Equatable, Sendable {
  /// The BLAS that is installed gives wrong numbers when several threads use it.
  ///
  /// `flavour` is OpenBLAS's own number: 0 serial, 2 OpenMP.
  case unsuitableBLAS(flavour: Int)

  /// This processor does not have the instructions for that.
  case unsupported(ProductPrecision)

  /// The environment asks for instructions that no kernels are compiled for.
  case unknownInstructions(String)
}

extension ComputeError: CustomStringConvertible {
  /// One sentence that says what to do.
  public var description: String {
    switch self {
    case .unsuitableBLAS(let flavour):
      "libopenblas.so.0 is the \(flavour == 0 ? "serial" : "OpenMP") flavour, which avu cannot use; "
        + "install libopenblas0-pthread and choose it with “update-alternatives --config "
        + "libopenblas.so.0-x86_64-linux-gnu”."
    case .unsupported(let precision):
      "This processor has no instructions for products in \(precision.rawValue) (AVX512-BF16); leave "
        + "the precision out, or use a newer processor."
    case .unknownInstructions(let name):
      "AVU_INSTRUCTIONS is “\(name)”; it can be x86-64-v4, x86-64-v3 or baseline, or left out for the best."
    }
  }
}
