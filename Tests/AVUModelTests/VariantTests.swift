import AVUModel
import Foundation
import Testing

/// Every task and switch as a small model; `training/variants.py` writes their files.
struct VariantTests {
  @Test(arguments: [
    ("ssu", 36, ["mask_collaboration", "description_decoder.prompts"]),
    ("ssu-without-mcm", 32, ["mask_decoder.union", "description_decoder.beam"]),
    ("ssu-s", 20, ["multi_modality_integration.0.visual", "mask_decoder.query_masks.every2"]),
    ("ssu-d", 28, ["multi_modality_integration.0.audio", "description_decoder.prompts"]),
    ("sss", 16, ["mask_decoder.pixels.every8"]),
    ("avc", 22, ["memory", "description_decoder.varied"]),
  ])
  func `each block of each variant gives the numbers of its definition`(
    variant: String, count: Int, blocks: [String]
  ) throws {
    let folder = try VariantFolder(variant)
    let differences = try ModelVerification.run(
      model: AVUFormer(directory: folder.path), goldens: folder.goldens)
    #expect(differences.count == count)
    for block in blocks {
      #expect(differences.contains { $0.block.hasPrefix("0.\(block)") }, "\(block)")
    }
    for difference in differences { #expect(difference.isWithinTolerance, "\(difference)") }
  }

  @Test(arguments: [
    ("ssu", true, true), ("ssu-s", true, false), ("ssu-d", false, true), ("sss", true, false),
    ("avc", false, true),
  ])
  func `a task gives masks, sentences or both`(
    task: String, hasMasks: Bool, hasSentences: Bool
  ) throws {
    let folder = try VariantFolder(task)
    try folder.configure(#""presence": 0.5"#, #""presence": 0"#)
    let model = try AVUFormer(directory: folder.path, threads: 2)
    #expect(model.configuration.task == task)
    #expect(model.configuration.hasMasks == hasMasks)
    #expect(model.configuration.hasSentences == hasSentences)
    let frames = Fixture.frames(3)
    let outputs = model.predict(frames)
    for output in outputs {
      #expect(output.isSounding)
      #expect(output.maskLogits.count == (hasMasks ? 48 * 80 : 0))
      #expect(output.queryMaskLogits.count == (hasMasks ? 3 : 0))
      #expect(output.caption.isEmpty == !hasSentences)
      #expect(output.categoryScores.count == 35)
    }
    #expect(model.predict([frames[2]]) == [outputs[2]])
  }

  @Test(arguments: [
    ("ssu", #""group": "animal""#, #""kind": "animal""#, "the group of each category"),
    ("ssu", #""experts": 4"#, #""experts": 1"#, "sizes.experts, from 2 to 64"),
    ("ssu", #""description": true"#, #""description": false"#, "they are off"),
    ("ssu-s", #""mohe": false"#, #""mohe": true"#, "mohe is part of the sentences"),
    ("ssu-s", #""task": "ssu-s""#, #""task": "sss""#, "“sss” needs mmi off"),
    ("avc", #""task": "avc""#, #""task": "ssu-d""#, "“ssu-d” needs mmi on"),
    ("ssu-d", #""mask": false"#, #""mask": true"#, "“ssu-d” needs mask off"),
    ("sss", #""mcm": false"#, #""mcm": true"#, "mcm serves sentences"),
  ])
  func `a combination that cannot be is refused with a sentence`(
    variant: String, old: String, new: String, reason: String
  ) throws {
    let folder = try VariantFolder(variant)
    try folder.configure(old, new)
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    let text = try #require(error).description
    #expect(text.contains(reason), "\(text)")
    #expect(text.hasPrefix(folder.path) && text.hasSuffix("."))
  }

  @Test(arguments: [
    ("ssu", #""experts": 4"#, #""experts": 3"#, "feed_forward.gate.weight"),
    ("ssu", #""experts": 4"#, #""experts": 5"#, "has no tensor"),
    ("ssu", #""mohe": true"#, #""mohe": false"#, "has no tensor"),
    ("ssu", #""group": "animal""#, #""group": "vehicle""#, "groups"),
  ])
  func `experts that the weights do not have are refused`(
    variant: String, old: String, new: String, reason: String
  ) throws {
    let folder = try VariantFolder(variant)
    try folder.configure(old, new)
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    let text = try #require(error).description
    #expect(text.contains("model.safetensors") && text.contains(reason), "\(text)")
  }
}
