public import TensorCore

/// The part of a file of weights that one layer owns, found by the layer's own path.
///
/// `weights["visual_encoder"]["stem"]` are the tensors whose names begin with
/// `visual_encoder.stem.`.
public struct Weights {
  /// How exactly layers keep the factors of their products.
  public let precision: ProductPrecision

  private let source: WeightSource
  private let path: String

  /// All weights of a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - precision: How exactly layers keep the factors of their products.
  public init(_ file: SafetensorsFile, precision: ProductPrecision = .single) {
    self.precision = precision
    source = WeightSource(file)
    path = ""
  }

  private init(_ whole: Weights, path: String) {
    precision = whole.precision
    source = whole.source
    self.path = path
  }

  /// The part that belongs to a layer inside of this one.
  public subscript(_ name: String) -> Weights {
    Weights(self, path: path + name + ".")
  }

  /// The part that belongs to the layer at a place of a list.
  public subscript(_ index: Int) -> Weights { self[String(index)] }

  /// One tensor.
  ///
  /// - Parameters:
  ///   - name: The last part of its name.
  ///   - shape: The sizes that it must have.
  /// - Returns: Its values.
  /// - Throws: ``WeightsError`` when it is missing or different.
  public func tensor(_ name: String, _ shape: [Int]) throws(WeightsError) -> Tensor {
    try source.tensor(path + name, shape)
  }

  /// One matrix, where it lies in the file.
  ///
  /// - Parameters:
  ///   - name: The last part of its name.
  ///   - shape: The sizes that it must have.
  /// - Returns: The matrix, or nil when it must be copied.
  /// - Throws: ``WeightsError`` when it is missing or different.
  func stored(_ name: String, _ shape: [Int]) throws(WeightsError) -> StoredMatrix? {
    try source.stored(path + name, shape)
  }

  /// Checks that every tensor of the file was asked for.
  ///
  /// - Throws: ``WeightsError/unexpected(file:tensor:)``.
  public func checkAllUsed() throws(WeightsError) { try source.checkAllUsed() }
}

/// The file, and which of its tensors were asked for.
private final class WeightSource {
  private let file: SafetensorsFile
  private var unused: Set<String>

  init(_ file: SafetensorsFile) {
    self.file = file
    unused = Set(file.names)
  }

  func tensor(_ name: String, _ shape: [Int]) throws(WeightsError) -> Tensor {
    try use(name, shape)
    return try file.tensor(name)
  }

  func stored(_ name: String, _ shape: [Int]) throws(WeightsError) -> StoredMatrix? {
    try use(name, shape)
    return try file.stored(name)
  }

  private func use(_ name: String, _ shape: [Int]) throws(WeightsError) {
    if let found = file.shape(of: name), found != shape {
      throw .wrongShape(file: file.path, tensor: name, expected: shape, found: found)
    }
    unused.remove(name)
  }

  func checkAllUsed() throws(WeightsError) {
    if let name = unused.min() { throw .unexpected(file: file.path, tensor: name) }
  }
}
