import Foundation
import TensorCore
import Testing

@testable import AVUModel

struct PredictionTests {
  @Test func `a frame's result depends on neither threads nor neighbours`() throws {
    let frames = Fixture.frames(5)
    let one = try Fixture.model(threads: 1)
    let two = try Fixture.model(threads: 2)
    let expected = one.predict(frames)
    #expect(expected.count == 5)
    #expect(Set(expected.map(\.presence)).count == 5)
    #expect(two.predict(frames) == expected)
    #expect(two.predict(frames.reversed()) == expected.reversed())
    for (frame, output) in zip(frames, expected) {
      #expect(one.predict([frame]) == [output])
    }
    #expect(one.predict([]).isEmpty)
  }

  @Test func `pictures and sounds that come again are computed once, and change nothing`() throws {
    let model = try Fixture.model(threads: 1)
    let (one, other) = (Fixture.frames(2)[0], Fixture.frames(2)[1])
    let silence = SoundWindow(samples: [], start: 0)
    let frames = [
      one, FrameInput(picture: other.picture, second: 0, sound: silence), other, one,
      FrameInput(picture: one.picture, second: 4, sound: silence),
    ]
    let (outputs, operations) = model.predictCounting(frames)
    for (frame, output) in zip(frames, outputs) { #expect(model.predict([frame]) == [output]) }
    let apart = frames.map { model.predictCounting([$0]).operations }
    #expect(operations < apart.reduce(0, +) - apart[0])
  }

  @Test(arguments: [0, 1, 9, 10, 11, 47], [1, 2, 3])
  func `groups hold every frame once, and keep all threads busy`(count: Int, threads: Int) {
    let groups = AVUFormer.groups(of: count, threads: threads)
    #expect(groups.flatMap(Array.init) == Array(0..<count))
    #expect(groups.allSatisfy { (1...10).contains($0.count) })
    #expect(groups.count >= min(count, threads))
  }

  @Test func `what surrounds the sound that a frame needs changes nothing`() throws {
    let model = try Fixture.model()
    let frame = Fixture.frames(2)[1]
    let range = AVUFormer.soundRange(second: frame.second)
    let cut = SoundWindow(
      samples: frame.sound.cut(from: range.lowerBound, count: range.count),
      start: range.lowerBound)
    let outputs = model.predict([
      frame, FrameInput(picture: frame.picture, second: frame.second, sound: cut),
    ])
    #expect(outputs[0] == outputs[1])
  }

  @Test func `the sound of a frame reaches from half a second before to a second and a half after`()
  {
    #expect(AVUFormer.soundRange(second: 1) == 8_320..<39_280)
    #expect(AVUFormer.soundRange(second: 0).lowerBound == -7_680)
    #expect(AVUFormer.soundRange(second: -0.5).count == 30_960)
  }

  @Test(arguments: [0, 255])
  func `silence and an empty picture give finite numbers and no sentence`(value: UInt8) throws {
    let model = try Fixture.model()
    let output = try #require(
      model.predict([
        FrameInput(
          picture: [UInt8](repeating: value, count: 192 * 320 * 3), second: 0,
          sound: SoundWindow(samples: [], start: 0))
      ]).first)
    #expect(output.presence < 0.5 && !output.isSounding)
    #expect(output.caption.isEmpty)
    #expect(output.maskLogits.count == 48 * 80 && output.maskLogits.allSatisfy(\.isFinite))
    #expect(output.attention.count == 6 * 10 && abs(output.attention.reduce(0, +) - 1) < 1e-4)
    #expect(output.categoryScores.count == 35)
    #expect(output.categoryScores.allSatisfy { (0...1).contains($0) })
    #expect(output.queryMaskLogits.map(\.count) == [3840, 3840, 3840, 3840])
  }

  @Test func `samples that are no sound count as silence`() throws {
    let model = try Fixture.model()
    let picture = Fixture.frames(1)[0].picture
    let damaged: [Float] = [.nan, .infinity, -.infinity, 3e38]
    let outputs = model.predict(
      [damaged, [0, 0, 0, 0]].map {
        FrameInput(picture: picture, second: 0, sound: SoundWindow(samples: $0, start: 100))
      })
    #expect(outputs[0] == outputs[1])
  }

  @Test func `only sounding frames have sentences, and those are whole`() throws {
    let folder = try ModelFolder()
    try folder.replace(#""presence": 0.4"#, with: #""presence": 0.0"#, in: "config.json")
    let frames = Fixture.frames(3)
    let outputs = try AVUFormer(directory: folder.path).predict(frames)
    for output in outputs {
      #expect(output.isSounding)
      #expect(output.caption.hasSuffix("."))
      #expect(output.caption.first?.isUppercase == true)
    }
    let usual = try Fixture.model().predict(frames)
    #expect(usual.map(\.presence) == outputs.map(\.presence))
    #expect(usual.allSatisfy { $0.isSounding == ($0.presence >= 0.4) })
    #expect(usual.allSatisfy { $0.isSounding || $0.caption.isEmpty })
    #expect(usual.contains { !$0.isSounding })
  }

  @Test func `words seen one by one have the logits that generation saw`() throws {
    let model = try Fixture.model()
    let frame = Fixture.frames(1)[0]
    let picture = model.normalised(frame.picture)
    let passes = model.blocks(pictures: [picture], shown: [0], sounds: [model.sound(of: frame)])
    let topic = try #require(model.blocks.subject(of: passes[0]) { picture }).topic
    let decoder = try #require(model.blocks.descriptionDecoder)
    let stop = model.vocabulary.fullStop
    let tokens = decoder.generate([topic], fullStop: stop, DecodingSettings())[0]
    let logits = decoder.logits(topic, after: [Vocabulary.beginning] + tokens)
    for (row, token) in tokens.enumerated() {
      let afterStop = row > 0 && tokens[row - 1] == stop
      let first = afterStop ? 0 : Vocabulary.end + 1
      #expect(logits.row(row).dropFirst(first).max() == Array(logits.row(row))[token])
    }
    #expect(tokens.last == stop || tokens.count == 33)
  }
}
