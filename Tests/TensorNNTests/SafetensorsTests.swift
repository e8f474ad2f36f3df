import Foundation
import TensorCore
import TensorNN
import Testing

struct SafetensorsTests {
  private let parts = [
    TensorFile.part("layer.weight", [2, 3], [1, -2, 3.5, 4, 5, 6]),
    TensorFile.Part(
      name: "layer.bias", dtype: "F16", shape: [2], bytes: [0x00, 0x3C, 0x00, 0xC0]),
    TensorFile.Part(
      name: "ids", dtype: "I32", shape: [2], bytes: [7, 0, 0, 0, 255, 255, 255, 255]),
    TensorFile.part("nothing", [0, 4], []),
  ]

  @Test func `values of each type are read, whatever their alignment`() throws {
    for padding in 0..<4 {
      let name = String(repeating: "x", count: padding)
      let file = try TensorFile(parts + [TensorFile.part("pad" + name, [1], [9])])
      let tensors = try SafetensorsFile(path: file.path)
      #expect(try tensors.tensor("layer.weight").values == [1, -2, 3.5, 4, 5, 6])
      #expect(try tensors.tensor("layer.bias") == Tensor(shape: [2], values: [1, -2]))
      #expect(try tensors.integers("ids") == [7, -1])
      #expect(try tensors.tensor("nothing").shape == [0, 4])
      #expect(tensors.shape(of: "layer.weight") == [2, 3])
      #expect(tensors.names.count == 5)
    }
  }

  @Test func `a file cut anywhere is refused`() throws {
    let bytes = TensorFile.bytes(of: parts)
    for length in 0..<bytes.count {
      let file = try TensorFile(Array(bytes[..<length]))
      #expect(throws: WeightsError.self) { try SafetensorsFile(path: file.path) }
    }
  }

  @Test func `a file with any byte changed is refused or read, and nothing worse`() throws {
    let bytes = TensorFile.bytes(of: parts)
    var refused = 0
    for place in bytes.indices {
      for change: UInt8 in [1, 0x10, 0x80] {
        var damaged = bytes
        damaged[place] ^= change
        let file = try TensorFile(damaged)
        do {
          let tensors = try SafetensorsFile(path: file.path)
          for name in tensors.names { _ = try? tensors.tensor(name) }
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}"#, "beyond the end"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, "gap"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "range"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, "gap"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, "range"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, "8 bytes for the shape [1]"),
    (#"{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}"#, "8 bytes for the shape"),
    (#"{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}"#, "8 bytes for the shape"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
      "8 bytes for the shape"
    ),
    (#"{"a":{"dtype":"F32","shape":[1e40],"data_offsets":[0,8]}}"#, "header is not"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "belong to no tensor"),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "overlaps"
    ),
    (#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, "header is not"),
    (#"[1,2]"#, "header is not"),
    ("", "header is not"),
    (String(repeating: "[", count: 100_000), "header is not"),
  ])
  func `a header that does not fit the file is refused with the reason`(
    header: String, reason: String
  ) throws {
    let file = try TensorFile(header: header, values: [0, 0, 0, 0, 0, 0, 0, 0])
    let error = #expect(throws: WeightsError.self) { try SafetensorsFile(path: file.path) }
    let text = try #require(error).description
    #expect(text.contains(reason), "\(text)")
    #expect(text.hasPrefix(file.path) && text.contains("install the model again"))
  }

  @Test(arguments: [UInt64.max, 1 << 63, 100_000_001, 4096])
  func `a header that claims to be huge is refused without reading it`(length: UInt64) throws {
    let file = try TensorFile(
      (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("{}".utf8))
    let error = #expect(throws: WeightsError.self) { try SafetensorsFile(path: file.path) }
    #expect(try #require(error).description.contains("\(length) bytes"))
  }

  @Test func `missing files, folders and wrong types are named`() throws {
    #expect(
      throws: WeightsError.unreadable(file: "/no/such", reason: "No such file or directory")
    ) { try SafetensorsFile(path: "/no/such") }
    #expect(throws: WeightsError.unreadable(file: "/", reason: "it is not a plain file")) {
      try SafetensorsFile(path: "/")
    }
    #expect(throws: WeightsError.unreadable(file: "/dev/zero", reason: "it is not a plain file")) {
      try SafetensorsFile(path: "/dev/zero")
    }
    let file = try TensorFile(parts)
    let tensors = try SafetensorsFile(path: file.path)
    #expect(throws: WeightsError.wrongType(file: file.path, tensor: "ids", found: "I32")) {
      try tensors.tensor("ids")
    }
    #expect(throws: WeightsError.wrongType(file: file.path, tensor: "layer.bias", found: "F16")) {
      try tensors.integers("layer.bias")
    }
    #expect(throws: WeightsError.missing(file: file.path, tensor: "other")) {
      try tensors.tensor("other")
    }
  }
}
