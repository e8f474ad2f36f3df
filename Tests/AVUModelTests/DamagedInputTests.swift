import Foundation
import Testing

@testable import AVUModel
@testable import TensorNN

/// Damaged files are refused with a sentence or are what they say; nothing else can happen.
///
/// A million inputs each instead of some thousand:
/// `AVU_FUZZ_INPUTS=1000000 swift test -c release -Xswiftc -enable-testing --filter DamagedInput`.
struct DamagedInputTests {
  @Test func `a damaged header of weights is refused, or its tensors fill the file`() throws {
    var mutator = Mutator(seed: 1)
    var (read, refused) = (0, 0)
    for input in 0..<Mutator.inputs {
      var bytes = weights(&mutator)
      if mutator.below(8) > 0 { bytes = mutator.damaged(bytes) }
      switch Self.header(bytes) {
      case .success(let header):
        #expect(fills(header, count: bytes.count), "input \(input)")
        read += 1
      case .failure(let error):
        let text = "\(error)"
        #expect(error is WeightsError && text.hasPrefix("w ") && text.hasSuffix("."))
        refused += 1
      }
    }
    #expect(read > Mutator.inputs / 20 && refused > Mutator.inputs / 4, "\(read), \(refused)")
  }

  @Test(arguments: ["", "ssu", "avc", "base-narrow"])
  func `a damaged configuration is refused, or describes a model that can be`(
    variant: String
  ) throws {
    let file =
      variant.isEmpty
      ? Fixture.directory + "/config.json"
      : (Fixture.goldens as NSString).deletingLastPathComponent + "/\(variant)/config.json"
    // Without spaces and provenance, so that damage hits what is read.
    var content = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file))) as? [String: Any])
    content["provenance"] = nil
    let whole = Array(try JSONSerialization.data(withJSONObject: content))
    var mutator = Mutator(seed: 2)
    var (read, refused) = (0, 0)
    for input in 0..<Mutator.inputs / 4 {
      let bytes = mutator.damaged(whole)
      switch Self.configuration(bytes) {
      case .success(let configuration):
        #expect(isPossible(configuration), "input \(input)")
        read += 1
      case .failure(let error):
        let text = error.description
        #expect(text.hasPrefix("c ") && text.hasSuffix("."))
        refused += 1
      }
    }
    #expect(read > Mutator.inputs / 400 && refused > Mutator.inputs / 8, "\(read), \(refused)")
  }

  private static func header(_ bytes: [UInt8]) -> Result<SafetensorsHeader, any Error> {
    Result { try bytes.withUnsafeBytes { try SafetensorsHeader($0, file: "w") } }
  }

  private static func configuration(_ bytes: [UInt8]) -> Result<ModelConfiguration, ModelError> {
    Result { () throws(ModelError) in try ModelConfiguration(Data(bytes), path: "c") }
  }

  /// A small file of up to four tensors; some say too much or too little.
  private func weights(_ mutator: inout Mutator) -> [UInt8] {
    let types = [("F16", 2), ("F32", 4), ("I32", 4), ("U8", 1), ("F64", 8), ("F99", 4)]
    var (entries, end): ([String], Int) = ([], 0)
    for index in 0..<mutator.below(5) {
      let shape = (0..<mutator.below(4)).map { _ in mutator.below(4) }
      let (name, size) = types[mutator.below(mutator.below(4) == 0 ? types.count : 3)]
      let start = end
      end += shape.reduce(size, *)
      entries.append(
        #""t.\#(index)":{"dtype":"\#(name)","shape":\#(shape),"data_offsets":[\#(start),\#(end)]}"#)
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    let length = UInt64(mutator.below(16) == 0 ? mutator.below(200) : header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header
      + [UInt8](repeating: 1, count: end)
  }

  /// Every tensor has its own bytes, as many as its shape needs, and none are left over.
  private func fills(_ header: SafetensorsHeader, count: Int) -> Bool {
    let sizes = ["F16": 2, "BF16": 2, "F32": 4, "I32": 4, "U32": 4, "U8": 1, "I8": 1, "F64": 8]
    var owned = [Bool](repeating: false, count: count - header.valuesStart)
    for entry in header.entries.values {
      guard entry.start >= 0, entry.start <= entry.end, entry.end <= owned.count else {
        return false
      }
      if let size = sizes[entry.dtype] {
        guard entry.shape.reduce(size, *) == entry.end - entry.start else { return false }
      }
      for place in entry.start..<entry.end {
        if owned[place] { return false }
        owned[place] = true
      }
    }
    return owned.allSatisfy(\.self)
  }

  private func isPossible(_ configuration: ModelConfiguration) -> Bool {
    let sizes = configuration.sizes
    let (width, height) = (configuration.imageWidth, configuration.imageHeight)
    return (32...4096).contains(width) && (32...4096).contains(height)
      && width % 32 == 0 && height % 32 == 0 && sizes.width % sizes.heads == 0
      && sizes.maxTokens >= 2 && sizes.vocabulary >= 1 && !configuration.categories.isEmpty
      && (0...1).contains(configuration.presenceThreshold)
      && configuration.pixelScale.allSatisfy { $0 > 0 }
      && (configuration.hasMasks || configuration.hasSentences)
      && (!configuration.masksReachSentences
        || configuration.hasMasks && configuration.hasSentences)
      && (configuration.experts == 0 || configuration.hasSentences)
  }
}
