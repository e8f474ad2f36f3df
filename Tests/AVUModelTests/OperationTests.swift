import Foundation
import TensorCore
import Testing

@testable import AVUModel

/// Operations are counted as they are computed, and are those that PyTorch's counter finds.
struct OperationTests {
  private func counted<Result>(_ body: () -> Result) -> (result: Result, count: Int) {
    let counter = OperationCounter()
    let result = OperationCounter.$current.withValue(counter) { body() }
    return (result, counter.count)
  }

  @Test func `each block has the operations of its definition`() throws {
    let file = URL(filePath: Fixture.goldens).deletingLastPathComponent()
      .appending(path: "operations.json")
    let expected = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))
    let model = try Fixture.model()
    let blocks = model.blocks
    let input = GoldenInputs.input(frame: 0, width: 320, height: 192)
    let (picture, sound) = (model.normalised(input.picture), model.sound(of: input))
    let pyramids = counted { blocks.visualEncoder([picture]) }
    let features = counted {
      blocks.audioEncoder.features(
        embedding: blocks.audioEncoder.embedding([sound.logMel]), levels: sound.levels)
    }
    let visual = counted { blocks.visualProjection(pyramids.result) }
    let audio = counted { blocks.audioProjection(features.result) }
    let queries = counted { blocks.queryTokenGenerator(audio.result) }
    let joined = Tensor.joinedRows([audio.result, queries.result])
    let streams = Streams(
      visual: visual.result, audio: joined.reshaped([1, joined.rows, joined.width]))
    let met = counted { blocks.multiModalityIntegration[0](streams, isLast: true) }
    let pass = blocks(pictures: [picture], shown: [0], sounds: [sound])[0]
    let topic = try #require(blocks.subject(of: pass) { picture }).topic
    let decoder = try #require(blocks.descriptionDecoder)
    let words = counted {
      decoder.logits(topic, after: [Vocabulary.beginning, 10, 20, 30, 11, 12])
    }
    #expect(
      expected == [
        "visual_encoder": pyramids.count, "audio_encoder": features.count,
        "visual_projection": visual.count, "audio_projection": audio.count,
        "query_token_generator": queries.count, "multi_modality_integration.0": met.count,
        "description_decoder": words.count,
      ])
  }

  @Test func `a clip's operations do not depend on threads, and nobody else's are counted`() throws
  {
    let frames = Fixture.frames(4)
    let one = try Fixture.model().predictCounting(frames)
    let two = try Fixture.model(threads: 2).predictCounting(frames)
    #expect(one.operations == two.operations && one.outputs == two.outputs)
    // More than the encoders', less than twice as much.
    #expect((4 * 1_303_040_256..<8 * 1_303_040_256).contains(one.operations))
    #expect(counted {}.count == 0 && OperationCounter.current == nil)
  }
}
