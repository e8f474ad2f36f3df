public import TensorCore

/// A file of named tensors in the safetensors format, mapped read-only.
public final class SafetensorsFile {
  /// The file's path, for messages.
  public let path: String

  private let file: MappedFile
  private let header: SafetensorsHeader

  /// Opens a file and checks its header; values are read when they are asked for.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``WeightsError`` when it cannot be read or is damaged.
  public init(path: String) throws(WeightsError) {
    self.path = path
    file = try MappedFile(path: path)
    do {
      header = try file.withBytes { try SafetensorsHeader($0, file: path) }
    } catch let error as WeightsError {
      throw error
    } catch {
      throw .malformed(file: path, reason: "\(error)")
    }
  }

  /// The names of all tensors, sorted.
  public var names: [String] { header.entries.keys.sorted() }

  /// The sizes of a tensor.
  ///
  /// - Parameter name: The tensor.
  /// - Returns: Its shape, or nil when there is none of that name.
  public func shape(of name: String) -> [Int]? { header.entries[name]?.shape }

  /// The values of a tensor of floating-point numbers (F16 or F32).
  ///
  /// - Parameter name: The tensor.
  /// - Returns: Its values, in single precision.
  /// - Throws: ``WeightsError`` when there is none of that name, it has another type, or a value is not finite.
  public func tensor(_ name: String) throws(WeightsError) -> Tensor {
    let entry = try entry(name)
    guard entry.dtype == "F16" || entry.dtype == "F32" else {
      throw .wrongType(file: path, tensor: name, found: entry.dtype)
    }
    let tensor = withValues(of: entry) { bytes in
      guard entry.dtype == "F16" else {
        return Tensor(shape: entry.shape) {
          UnsafeMutableRawBufferPointer($0).copyMemory(from: bytes)
        }
      }
      return Tensor(shape: entry.shape, widening: bytes)
    }
    guard tensor.isFinite else { throw .notFinite(file: path, tensor: name) }
    return tensor
  }

  /// A matrix where it is, without a copy.
  ///
  /// - Parameter name: The tensor, [outputs, inputs] and perhaps more dimensions of size 1.
  /// - Returns: The matrix, which keeps the file mapped; nil when it must be copied to be used, because
  ///   it has another type or lies at an odd address.
  /// - Throws: ``WeightsError`` when there is none of that name, or a value is not finite.
  func stored(_ name: String) throws(WeightsError) -> StoredMatrix? {
    let entry = try entry(name)
    guard entry.shape.count >= 2, entry.dtype == "F16" || entry.dtype == "F32" else { return nil }
    let isHalf = entry.dtype == "F16"
    let matrix = withValues(of: entry) { bytes -> StoredMatrix? in
      guard let start = bytes.baseAddress,
        isHalf || Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0
      else { return nil }
      return StoredMatrix(
        start: start, precision: isHalf ? .half : .single, inputs: entry.shape[1],
        outputs: entry.shape[0], owner: file)
    }
    guard let matrix else { return nil }
    guard withValues(of: entry, { _ in matrix.isFinite }) else {
      throw .notFinite(file: path, tensor: name)
    }
    return matrix
  }

  /// The values of a tensor of whole numbers (I32).
  ///
  /// - Parameter name: The tensor.
  /// - Returns: Its values.
  /// - Throws: ``WeightsError`` when there is none of that name, or it has another type.
  public func integers(_ name: String) throws(WeightsError) -> [Int] {
    let entry = try entry(name)
    guard entry.dtype == "I32" else {
      throw .wrongType(file: path, tensor: name, found: entry.dtype)
    }
    return withValues(of: entry) { bytes in
      stride(from: 0, to: bytes.count, by: 4).map {
        Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self)))
      }
    }
  }

  private func entry(_ name: String) throws(WeightsError) -> SafetensorsHeader.Entry {
    guard let entry = header.entries[name] else { throw .missing(file: path, tensor: name) }
    return entry
  }

  /// Lends a tensor's bytes, which are rarely needed twice: they do not stay in memory.
  private func withValues<Result>(
    of entry: SafetensorsHeader.Entry, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let range = header.valuesStart + entry.start..<header.valuesStart + entry.end
    defer { file.release(range) }
    return file.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
