import Foundation

/// The tensors of a safetensors file, to be put together anew.
struct StoredTensors {
  /// By name: what the header says, without places, and the bytes.
  private var tensors: [String: (header: [String: Any], bytes: Data)] = [:]

  init(_ file: URL) throws {
    let data = try Data(contentsOf: file)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any]
    for (name, entry) in header ?? [:] where name != "__metadata__" {
      guard var entry = entry as? [String: Any], let range = entry["data_offsets"] as? [Int] else {
        throw CocoaError(.fileReadCorruptFile)
      }
      entry["data_offsets"] = nil
      tensors[name] = (entry, data[8 + length + range[0]..<8 + length + range[1]])
    }
  }

  mutating func keep(_ isWanted: (String) -> Bool) {
    tensors = tensors.filter { isWanted($0.key) }
  }

  /// Adds tensors; one of the same name takes the other's place.
  mutating func add(_ others: StoredTensors) { tensors.merge(others.tensors) { $1 } }

  func write(to file: URL) throws {
    var (header, values): ([String: Any], Data) = ([:], Data())
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let end = values.count + tensor.bytes.count
      header[name] = tensor.header.merging(["data_offsets": [values.count, end]]) { $1 }
      values += tensor.bytes
    }
    let text = try JSONSerialization.data(withJSONObject: header)
    let length = Data((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) })
    try (length + text + values).write(to: file)
  }
}
