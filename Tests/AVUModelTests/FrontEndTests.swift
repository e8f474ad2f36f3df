import Foundation
import TensorCore
import Testing

@testable import AVUModel

struct FrontEndTests {
  @Test func `the transform gives the magnitudes of the definition`() {
    // Eleven windows, which are not a multiple of those that are transformed together; 300 of each are heard.
    let samples = (0..<10 * 70 + 300).map { n -> Float in
      let n = Double(n)
      return Float(sin(n * 0.3) + cos(n * n))
    }
    let window = (0..<300).map { n -> Double in 1 - abs(Double(n) / 150 - 1) }
    let found = FourierTransform().magnitudes(samples, hop: 70, window: window)
    #expect(found.shape == [11, 257])
    for (place, k) in (0..<11 * 257).map({ ($0 / 257, $0 % 257) }) where k % 8 == 0 {
      var (x, y) = (0.0, 0.0)
      for n in 0..<300 {
        let angle = 2 * Double.pi * Double(k * n % 512) / 512
        x += Double(samples[place * 70 + n]) * window[n] * cos(angle)
        y -= Double(samples[place * 70 + n]) * window[n] * sin(angle)
      }
      let expected = (x * x + y * y).squareRoot()
      let value = Double(found.values[place * 257 + k])
      #expect(abs(value - expected) < 1e-5 * max(1, expected), "\(place), \(k)")
    }
  }

  @Test func `a tone is loudest in the bin of its pitch`() throws {
    try BLAS.prepare()
    let spectrogram = LogMelSpectrogram()
    for hertz in [300.0, 1000, 4000] {
      let samples = (0..<16_000).map { Float(0.5 * sin(2 * .pi * hertz * Double($0) / 16_000)) }
      let logMel = spectrogram(samples)
      #expect(logMel.shape == [98, 64])
      func mel(_ hertz: Double) -> Double { 1127 * log1p(hertz / 700) }
      let place = (mel(hertz) - mel(125)) / (mel(7500) - mel(125)) * 65 - 1
      let row = Array(logMel.row(40))
      let loudest = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
      #expect(abs(Double(loudest) - place) <= 1, "\(hertz) Hz in bin \(loudest), not \(place)")
    }
  }

  @Test func `silence is the logarithm of the offset, and the level of the floor`() throws {
    try BLAS.prepare()
    let patches = SoundPatches(
      of: SoundWindow(samples: [], start: 0), second: 0, spectrogram: LogMelSpectrogram())
    #expect(patches.logMel.shape == [3, 96, 64, 1])
    #expect(patches.logMel.values.allSatisfy { abs($0 - log(0.001)) < 1e-6 })
    #expect(patches.levels.allSatisfy { abs($0 + 3) < 1e-6 })
  }

  @Test func `the level of a full-scale square wave is two`() throws {
    try BLAS.prepare()
    let samples = (0..<60_000).map { Float($0 % 2 == 0 ? 1 : -1) }
    let patches = SoundPatches(
      of: SoundWindow(samples: samples, start: -10_000), second: 0,
      spectrogram: LogMelSpectrogram())
    #expect(patches.levels.allSatisfy { abs($0 - 2) < 1e-4 })
  }

  @Test func `sound outside of the window is silence`() {
    let window = SoundWindow(samples: [1, 2, 3], start: -1)
    #expect(window.cut(from: -3, count: 7) == [0, 0, 1, 2, 3, 0, 0])
    #expect(window.cut(from: 50, count: 2) == [0, 0])
  }

  @Test func `patches begin at the rounded sample, halves away from zero`() {
    #expect(SoundPatches.start(second: 1, offset: 0.48) == 23_680)
    #expect(SoundPatches.start(second: 0.000_031_25, offset: 0) == 1)
    #expect(SoundPatches.start(second: -0.000_031_25, offset: 0) == -1)
  }

  @Test func `token numbers become capitalised sentences`() throws {
    let vocabulary = try Vocabulary(path: Fixture.directory + "/vocabulary.txt", count: 69)
    func ids(_ text: String) throws -> [Int] {
      try text.split(separator: " ").map { word in
        try #require(vocabulary.words.firstIndex(of: String(word)))
      }
    }
    let two = try ids("the dog is barking . the cat is meowing .")
    #expect(vocabulary.text(of: two) == "The dog is barking. The cat is meowing.")
    #expect(try vocabulary.text(of: two + ids("<eos> dog .")) == vocabulary.text(of: two))
    #expect(try vocabulary.text(of: ids("<bos> the dog <pad> .")) == "The dog.")
    #expect(try vocabulary.text(of: ids(". . dog .")) == "Dog.")
    let doubled = try ids("<bos> the dog . the cat . the dog . <eos>")
    #expect(vocabulary.text(of: doubled) == "The dog. The cat.")
    #expect(vocabulary.text(of: []).isEmpty)
    // Cut by the limit of words.
    #expect(try vocabulary.text(of: ids("the dog . the cat is")) == "The dog. The cat is…")
    #expect(try vocabulary.text(of: ids("the dog . the dog")) == "The dog.")
  }
}
