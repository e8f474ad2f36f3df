import TensorCore
import Testing

@testable import AVUModel

/// Products in bfloat16, where the processor can.
struct PrecisionTests {
  private var options: ModelOptions {
    var options = ModelOptions()
    options.precision = .bfloat16
    return options
  }

  @Test(.enabled(if: ProductPrecision.bfloat16.isSupported), arguments: [false, true])
  func `rounded products change results a little, and the same way each time`(isBase: Bool) throws {
    let folder = isBase ? Fixture.narrowBase : Fixture.directory
    let exact = try AVUFormer(directory: folder)
    let model = try AVUFormer(directory: folder, options: options)
    let sizes = model.configuration
    let frames = (0..<4).map {
      GoldenInputs.input(frame: $0, width: sizes.imageWidth, height: sizes.imageHeight)
    }
    let (found, expected) = (model.predict(frames), exact.predict(frames))
    for (found, expected) in zip(found, expected) {
      #expect(found != expected)
      #expect(abs(found.presence - expected.presence) < 0.05)
      let same = zip(found.maskLogits, expected.maskLogits).count { ($0 > 0) == ($1 > 0) }
      // Logits of random weights lie around the threshold.
      #expect(
        same * 100 >= found.maskLogits.count * (isBase ? 85 : 97),
        "\(same) of \(found.maskLogits.count)")
    }
    #expect(try AVUFormer(directory: folder, threads: 3, options: options).predict(frames) == found)
    #expect(model.predict([frames[2]]) == [found[2]])
  }

  @Test(.enabled(if: !ProductPrecision.bfloat16.isSupported))
  func `a processor without the instructions is named as the reason`() {
    let error = #expect(throws: ModelError.self) {
      try AVUFormer(directory: Fixture.directory, options: options)
    }
    #expect(error?.description.contains("AVX512-BF16") == true)
  }
}
