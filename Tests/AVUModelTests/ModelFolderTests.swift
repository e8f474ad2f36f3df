import AVUModel
import Foundation
import TensorNN
import Testing

struct ModelFolderTests {
  @Test func `the shipped configuration is read`() throws {
    let model = try Fixture.model()
    let configuration = model.configuration
    #expect(configuration.name == "avuformer-lite" && configuration.task == "ssu")
    #expect(configuration.imageWidth == 320 && configuration.imageHeight == 192)
    #expect(configuration.maskWidth == 80 && configuration.maskHeight == 48)
    #expect(configuration.sampleRate == 16_000)
    #expect(configuration.presenceThreshold == 0.4 && configuration.maskThreshold == 0)
    #expect(configuration.categories.count == 35)
    #expect(configuration.categories[28].noun == "fire truck")
    #expect(configuration.categories[0].player && !configuration.categories[16].player)
    #expect(model.parameterCount == 8_879_625)
  }

  @Test(arguments: [
    (#""format": 1"#, #""format": 2"#, "update avu"),
    (#""format": 1"#, #""format": "x""#, "“format” has the wrong type"),
    (#""heads": 5"#, #""heads": 7"#, "cannot be divided among 7 heads"),
    (#""heads": 5"#, #""heads": 0"#, "sizes.heads is 0"),
    (#""heads": 5,"#, "", "“sizes.heads” is missing"),
    (#""max_tokens": 34"#, #""max_tokens": 1"#, "no word"),
    (#""max_tokens": 34"#, #""max_tokens": 99999999999999"#, "sizes.max_tokens"),
    (#""max_tokens": 34"#, #""max_tokens": 1e99"#, "out of range"),
    (#""width": 320"#, #""width": 330"#, "multiples of 32"),
    (#""height": 192"#, #""height": -32"#, "multiples of 32"),
    (#""order": "RGB""#, #""order": "BGR""#, "BGR"),
    (#""hop": 160"#, #""hop": 161"#, "front end"),
    (#""audio_features": 1061"#, #""audio_features": 1060"#, "need 1061"),
    (#""audio_patches": 3"#, #""audio_patches": 2"#, "3 patches"),
    (#""mask": true"#, #""mask": false"#, "mcm describes masks"),
    (#""mmi": true"#, #""mmi": false"#, "“ssu” needs mmi on"),
    (#""task": "ssu""#, #""task": "sus""#, "the tasks are ssu, ssu-s, ssu-d, sss, avc"),
    (#""task": "ssu""#, #""task": "ssu-d""#, "“ssu-d” needs mask off"),
    (#""mcm": true"#, #""mcm": false, "rcc": true"#, "rcc compares"),
    (#""mcm": true"#, #""mcm": true, "mohe": true"#, "needs sizes.experts"),
    (#""presence": 0.4"#, #""presence": 1.5"#, "no probability"),
    (#""scale": 128.0"#, #""scale": 0"#, "above 0"),
    (#""name": "banjo""#, #""name": "accordion""#, "same name"),
    ("{\n \"format\"", "{{", "not valid JSON"),
  ])
  func `a configuration that cannot be is refused with a sentence`(
    old: String, new: String, reason: String
  ) throws {
    let folder = try ModelFolder()
    try folder.replace(old, with: new, in: "config.json")
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    let text = try #require(error).description
    #expect(text.contains(reason), "\(text)")
    #expect(text.hasPrefix(folder.path) && text.hasSuffix("."))
  }

  @Test(arguments: [
    (#""width": 160"#, #""width": 320"#, "[320, 320]"),
    (#""query_tokens": 4"#, #""query_tokens": 5"#, "[5, 160]"),
    (#""integration_layers": 2"#, #""integration_layers": 3"#, "has no tensor"),
    (#""integration_layers": 2"#, #""integration_layers": 1"#, "does not know"),
    (#""mcm": true"#, #""mcm": false"#, "does not know"),
  ])
  func `a configuration that the weights do not fit is refused`(
    old: String, new: String, reason: String
  ) throws {
    let folder = try ModelFolder()
    try folder.replace(old, with: new, in: "config.json")
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    let text = try #require(error).description
    #expect(text.contains("model.safetensors") && text.contains(reason), "\(text)")
  }

  @Test func `missing and damaged files are named`() throws {
    for name in ["config.json", "model.safetensors", "vocabulary.txt"] {
      let folder = try ModelFolder()
      try FileManager.default.removeItem(atPath: folder.file(name))
      let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
      #expect(try #require(error).description.hasPrefix(folder.file(name)))
    }
    let folder = try ModelFolder()
    try folder.change("model.safetensors") { $0.removeLast(1000) }
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    #expect(try #require(error).description.contains("install the model again"))
  }

  @Test(arguments: [
    ("<bos>", "bos", "must begin with"), ("accordion\n", "", "68 words"),
    (".\n", "\n", "full stop"),
  ])
  func `a vocabulary that does not fit is refused`(
    old: String, new: String, reason: String
  ) throws {
    let folder = try ModelFolder()
    try folder.replace(old, with: new, in: "vocabulary.txt")
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(folder.file("vocabulary.txt")) && text.contains(reason), "\(text)")
  }
}
