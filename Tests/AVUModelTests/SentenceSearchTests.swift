import Foundation
import Testing

@testable import AVUModel

/// How words are chosen; that PyTorch chooses the same is in the golden tensors.
struct SentenceSearchTests {
  private static let stop = 3

  /// Feeds probabilities of the next word, which depend on the words so far.
  private func search(
    _ settings: DecodingSettings, words most: Int = 12, _ next: ([Int]) -> [Int: Float]
  ) -> [Int] {
    var search = BeamSearch(settings, fullStop: Self.stop)
    var said = [[Int]]([[]])
    for _ in 0..<most where !search.lastWords.isEmpty {
      let logits = said.map { words in
        let chances = next(words)
        return (0..<8).map { log(chances[$0] ?? 1e-6) }[...]
      }
      let parents = search.advance(logits)
      said = zip(parents, search.lastWords).map { said[$0] + [$1] }
    }
    return search.best
  }

  private func settings(beam: Int = 1, noRepeat: Int = 0) -> DecodingSettings {
    var settings = DecodingSettings()
    (settings.beam, settings.noRepeatNGram) = (beam, noRepeat)
    return settings
  }

  @Test func `a beam finds the likelier sentence behind a word that is not the likeliest`() {
    func next(_ words: [Int]) -> [Int: Float] {
      switch words {
      case []: [4: 0.6, 5: 0.4]
      case [4]: [6: 0.34, 7: 0.33, 4: 0.33]
      case [5]: [6: 0.99]
      case let words where words.last == Self.stop: [Vocabulary.end: 0.99]
      default: [Self.stop: 0.99]
      }
    }
    #expect(search(settings(), next) == [4, 6, Self.stop])
    #expect(search(settings(beam: 2), next) == [5, 6, Self.stop])
    #expect(search(settings(beam: 16), next) == [5, 6, Self.stop])
  }

  @Test(arguments: [1, 2, 4]) func `a sentence ends after a full stop, and only there`(beam: Int) {
    func next(_ words: [Int]) -> [Int: Float] {
      [Vocabulary.end: 0.9, 5: 0.05, Self.stop: words.count == 3 ? 0.5 : 1e-9]
    }
    #expect(search(settings(beam: beam), next) == [5, 5, 5, Self.stop])
  }

  @Test func `words that were said in a row are not said again in the sentence`() {
    func next(_ words: [Int]) -> [Int: Float] {
      switch words.last {
      case 4: [5: 0.7, 6: 0.2, Self.stop: 0.1]
      case Self.stop: words.count > 8 ? [Vocabulary.end: 1] : [4: 1]
      default: [4: 0.8, Self.stop: 0.2]
      }
    }
    #expect(search(settings(), next) == [4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5])
    let varied = search(settings(noRepeat: 2), next)
    #expect(varied.prefix(6) == [4, 5, 4, 6, 4, Self.stop])
    // The next sentence may begin like the first.
    #expect(varied.dropFirst(6).prefix(2) == [4, 5])
  }

  @Test(arguments: [(1, nil, 0), (4, nil, 0), (3, 5, 0), (4, nil, 2), (16, 1, 0)])
  func `sentences depend on neither threads nor neighbours`(
    beam: Int, maxWords: Int?, noRepeat: Int
  ) throws {
    let folder = try VariantFolder("ssu")
    try folder.configure(#""presence": 0.5"#, #""presence": 0"#)
    var options = ModelOptions()
    (options.beam, options.maxWords, options.noRepeatNGram) = (beam, maxWords, noRepeat)
    let model = try AVUFormer(directory: folder.path, options: options)
    let frames = Fixture.frames(4)
    let outputs = model.predict(frames)
    #expect(outputs.allSatisfy { !$0.caption.isEmpty })
    let several = try AVUFormer(directory: folder.path, threads: 3, options: options)
    #expect(several.predict(frames) == outputs)
    for (frame, output) in zip(frames, outputs) { #expect(model.predict([frame]) == [output]) }
    if let maxWords {
      #expect(outputs.allSatisfy { $0.caption.split(separator: " ").count <= maxWords })
    }
  }

  @Test func `a configuration says how sentences are chosen, and options go before it`() throws {
    let folder = try VariantFolder("ssu")
    try folder.configure(
      #""norm_eps""#, #""decoding": {"beam": 3, "no_repeat_ngram": 4}, "norm_eps""#)
    let usual = try AVUFormer(directory: folder.path)
    #expect(usual.decoding == settings(beam: 3, noRepeat: 4))
    #expect(usual.options.suffix.isEmpty)
    var options = ModelOptions()
    (options.beam, options.maxWords, options.noRepeatNGram) = (1, 20, 4)
    let other = try AVUFormer(directory: folder.path, options: options)
    #expect(other.decoding.beam == 1 && other.decoding.maxWords == 20)
    // What the model does anyway makes no other model of it.
    #expect(other.options.suffix == "+beam1+words20")
  }

  @Test(arguments: [
    (#"{"beam": 0}"#, "1 to 16"), (#"{"beam": 17}"#, "1 to 16"),
    (#"{"max_words": 34}"#, "1 to 33"), (#"{"max_words": 0}"#, "1 to 33"),
    (#"{"no_repeat_ngram": 1}"#, "2 to 33"), (#"{"beam": "wide"}"#, "decoding.beam"),
  ])
  func `settings that cannot be are refused with a sentence`(settings: String, reason: String)
    throws
  {
    let folder = try VariantFolder("ssu")
    try folder.configure(#""norm_eps""#, #""decoding": \#(settings), "norm_eps""#)
    let error = #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path) }
    #expect(try #require(error).description.contains(reason))
  }

  @Test func `a model without sentences takes no options for them`() throws {
    let folder = try VariantFolder("sss")
    var options = ModelOptions()
    options.beam = 2
    #expect(throws: ModelError.self) { try AVUFormer(directory: folder.path, options: options) }
  }

  @Test(arguments: [
    ("", ""), ("+beam4", "+beam4"), ("+words20+beam4", "+beam4+words20"), ("+ngram3", "+ngram3"),
    ("+bf16+ngram3", "+ngram3+bf16"),
  ])
  func `options are written behind a name`(text: String, suffix: String) throws {
    #expect(try #require(ModelOptions(suffix: text)).suffix == suffix)
  }

  @Test(arguments: [
    "beam4", "+", "+beam", "+bf16+bf16", "+bf165", "+beam4+beam5", "+beam04", "+beam4x", "+other1",
    "+beam+4",
  ])
  func `what is no option is none`(text: String) { #expect(ModelOptions(suffix: text) == nil) }
}
