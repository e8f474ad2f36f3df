import Foundation
import Testing

@testable import AVUModel

/// The encoders of avuformer-base, in a narrow model of the same blocks that `training/random_model.py`
/// writes.
struct BaseTests {
  @Test func `each block of a narrow base gives the numbers of its definition`() throws {
    let differences = try ModelVerification.run(
      model: AVUFormer(directory: Fixture.narrowBase),
      goldens: Fixture.narrowBase + "/goldens.safetensors")
    #expect(differences.count == 56)
    for block in [
      "visual_encoder.f4", "audio_encoder.embedding", "region_encoder", "memory",
    ] {
      #expect(differences.contains { $0.block.hasPrefix("0.\(block)") }, "\(block)")
    }
    for difference in differences { #expect(difference.isWithinTolerance, "\(difference)") }
  }

  @Test func `threads and neighbours change nothing`() throws {
    let one = try AVUFormer(directory: Fixture.narrowBase, threads: 1)
    let two = try AVUFormer(directory: Fixture.narrowBase, threads: 2)
    let frames = (0..<7).map {
      let input = GoldenInputs.input(
        frame: $0, width: one.configuration.imageWidth, height: one.configuration.imageHeight)
      return FrameInput(picture: input.picture, second: Double($0) / 3, sound: input.sound)
    }
    let outputs = one.predict(frames)
    #expect(outputs.contains { $0.isSounding } && outputs.contains { !$0.isSounding })
    #expect(outputs.allSatisfy { $0.caption.isEmpty != $0.isSounding })
    #expect(two.predict(frames) == outputs)
    let alone = frames.flatMap { one.predict([$0]) }
    #expect(alone == outputs)
  }

  /// What is left out changes nothing in the blocks before it, so their goldens hold.
  @Test(arguments: [("ssu", ["mcm", "rcc"]), ("ssu-s", ["mcm", "rcc", "description", "mohe"])])
  func `a narrow base of another task or without MCM gives the same numbers`(
    task: String, off: [String]
  ) throws {
    let folder = try ModelFolder(of: Fixture.narrowBase)
    try folder.replace(#""task": "ssu""#, with: #""task": "\#(task)""#, in: "config.json")
    for name in off {
      try folder.replace(#""\#(name)": true"#, with: #""\#(name)": false"#, in: "config.json")
    }
    let sentences = ["memory", "description_decoder"]
    for (name, alsoLeftOut) in [
      ("model.safetensors", task == "ssu" ? [] : sentences), ("goldens.safetensors", sentences),
    ] {
      let leftOut = ["region_encoder", "mask_collaboration"] + alsoLeftOut
      let file = URL(filePath: folder.file(name))
      var tensors = try StoredTensors(file)
      tensors.keep { tensor in !leftOut.contains { tensor.contains($0) } }
      try tensors.write(to: file)
    }
    let differences = try ModelVerification.run(
      model: AVUFormer(directory: folder.path), goldens: folder.file("goldens.safetensors"))
    #expect(differences.count == 38)
    for difference in differences { #expect(difference.isWithinTolerance, "\(difference)") }
  }

  /// The same weights, as far as the task has them; `training/variants.py` writes the goldens.
  @Test(arguments: [
    (
      "ssu-d", ["mcm", "rcc", "mask"], ["mask_decoder", "mask_collaboration", "region_encoder"], 28,
      "multi_modality_integration.0.audio"
    ),
    (
      "sss", ["mcm", "rcc", "mmi", "description", "mohe"],
      [
        "multi_modality_integration", "mask_collaboration", "region_encoder", "description_decoder",
      ], 16, "mask_decoder.union"
    ),
    (
      "avc", ["mcm", "rcc", "mmi", "mask"],
      ["multi_modality_integration", "mask_decoder", "mask_collaboration", "region_encoder"], 24,
      "description_decoder.prompts"
    ),
  ])
  func `each block of a narrow base gives the numbers of its definition in other tasks`(
    task: String, off: [String], leftOut: [String], count: Int, block: String
  ) throws {
    let folder = try ModelFolder(of: Fixture.narrowBase)
    try folder.replace(#""task": "ssu""#, with: #""task": "\#(task)""#, in: "config.json")
    for name in off {
      try folder.replace(#""\#(name)": true"#, with: #""\#(name)": false"#, in: "config.json")
    }
    let weights = URL(filePath: folder.file("model.safetensors"))
    var tensors = try StoredTensors(weights)
    tensors.keep { tensor in !leftOut.contains { tensor.hasPrefix($0) } }
    try tensors.write(to: weights)
    let differences = try ModelVerification.run(
      model: AVUFormer(directory: folder.path),
      goldens: folder.file("goldens-\(task).safetensors"))
    #expect(differences.count == count)
    #expect(differences.contains { $0.block.hasPrefix("0.\(block)") })
    for difference in differences { #expect(difference.isWithinTolerance, "\(difference)") }
  }

  @Test(arguments: [
    (#""kind": "pvt-v2""#, #""kind": "swin""#, "encoders.visual is “swin”"),
    (#""kind": "vggish""#, #""kind": "yamnet""#, "knows only “vggish” there"),
    (#""region": {"#, #""regions": {"#, "encoders.regions is no encoder"),
    (#""kind": "clip-vit","#, "", "“encoders.region.kind” is missing"),
    (#""encoders": {"#, #""encoders": 5, "x": {"#, "“encoders” has the wrong type"),
    (#""patch": 16"#, #""patch": 24"#, "encoders.region.patch is 24"),
    (#""layers": 2"#, #""layers": 0"#, "all above 0"),
    (#""hidden": 24"#, #""hidden": -1"#, "encoders.audio needs 6 channels"),
    (#""embedding": 16"#, #""embedding": 17"#, "the audio encoder needs 18"),
    ("\"reductions\": [\n    8,", "\"reductions\": [\n    5,", "divisors of 8, 4, 2 and 1"),
    ("\"heads\": [\n    1,", "\"heads\": [\n    3,", "among 3 heads"),
    ("\"depths\": [\n    1,", "\"depths\": [", "each of the 4 stages"),
    ("\"log_offset\": 0.01", "\"log_offset\": 0.001", "front end"),
    ("\"mean\": [\n   123.675,", "\"mean\": [", "“image.mean” has the wrong type"),
  ])
  func `encoders that cannot be are refused with a sentence`(
    old: String, new: String, reason: String
  ) throws {
    let folder = try ModelFolder(of: Fixture.narrowBase)
    try folder.replace(old, with: new, in: "config.json")
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    let text = try #require(error).description
    #expect(text.contains(reason), "\(text)")
    #expect(text.hasPrefix(folder.path) && text.hasSuffix("."))
  }

  @Test func `an encoder that the weights do not have is refused`() throws {
    let folder = try ModelFolder()
    try folder.replace(
      #""task": "ssu","#,
      with: #"""
        "task": "ssu", "encoders": {"region": {"kind": "clip-vit", "width": 32, "layers": 2,
        "heads": 4, "patch": 16, "output": 24}},
        """#, in: "config.json")
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    #expect(
      try #require(error).description.contains("no tensor “region_encoder.patch_embedding.weight”"))
  }
}
