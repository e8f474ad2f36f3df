import Annotations
import Evaluation
import Foundation
import Testing

@testable import ReportSite

@Suite struct ClipPageTests {
  @Test func `The findings name what is wrong, worst first`() throws {
    var report = SampleRecords.done(try ClipID("one"))
    report.prediction?.frames[0].sounding = true
    report.prediction?.frames[1].sounding = false
    report.score?.frames[2].iou = 0.3
    let findings = try #require(ClipFindings(ClipMoment.moments(of: report), video: nil))
    #expect(findings.verdicts.map(\.words).first == "Masks right at 1 of 4 moments.")
    #expect(findings.verdicts.map(\.tone).first == "bad")
    #expect(findings.worst.map(\.kind) == ["missed", "false alarm", "low overlap"])
    let fine = ClipFindings(
      ClipMoment.moments(of: SampleRecords.done(try ClipID("one"))), video: nil)
    #expect(fine?.verdicts.first?.tone == "good")
    report.truth = nil
    report.score = nil
    #expect(ClipFindings(ClipMoment.moments(of: report), video: nil) == nil)
  }

  @Test func `The findings judge the sentences, too, but not their capitals and full stops`()
    throws
  {
    func verdict(_ captions: [String?], rougeL: Double) throws -> ClipFindings.Verdict? {
      var report = SampleRecords.done(try ClipID("one"))
      report.truth?.captions = captions.map { $0.map { [$0] } ?? [] }
      for place in captions.indices {
        report.prediction?.frames[place].caption = "The violin is playing."
      }
      var metrics = SampleRecords.metrics(0.5)
      metrics.values["ROUGE-L"] = MetricValue(rougeL)
      return ClipFindings(ClipMoment.moments(of: report), metrics, video: nil)?.verdicts.dropFirst()
        .first
    }
    let plain = "the violin is playing"
    let same = try verdict([plain, "The violin is playing.", nil, nil], rougeL: 1)
    #expect(same?.words == "Sentences as people wrote at 2 of 2." && same?.tone == "good")
    let close = try verdict(["A violin plays.", "A violin plays.", nil, nil], rougeL: 0.6)
    #expect(close?.words == "Sentences as people wrote at 0 of 2.")
    #expect(close?.tone == "mixed")
    #expect(try verdict(["A dog barks.", "A dog barks.", nil, nil], rougeL: 0.1)?.tone == "bad")
    #expect(try verdict([nil, nil, nil, nil], rougeL: 0) == nil)
  }

  @Test func `Where a clip comes from is told completely, moments as such`() throws {
    var report = SampleRecords.done(try ClipID("one"), video: nil)
    report.location = "/somewhere/secret/clip.mp4"
    report.prediction?.run?.libraries = "libavcodec 59.37"
    report.prediction?.run?.device = "CPU, float32"
    let facts = ClipProvenance.facts(of: report)
    let values = Dictionary(facts.map { ($0.label, $0.value) }) { first, _ in first }
    #expect(values["File"] == "clip.mp4")
    #expect(values["Libraries"] == "libavcodec 59.37")
    for label in [
      "File SHA-256", "Model", "Weights SHA-256", "Program", "Settings", "Computed on", "Job",
      "Machine", "Attempts", "Queued", "Waited", "Started", "Finished",
    ] {
      #expect(values[label]?.isEmpty == false, "\(label)")
    }
    let moments = facts.filter { $0.moment != nil }
    #expect(moments.map(\.label) == ["Queued", "Started", "Finished"])
    #expect(moments.allSatisfy { $0.value == $0.moment?.text })
  }

  @Test func `A signature is the same for the same conventions, and names them`() throws {
    let one = try #require(FigureSignature(["b": "2", "a": "1"]))
    #expect(one.text == "a:1 | b:2" && one.short.count == 8)
    #expect(one.short == FigureSignature(["a": "1", "b": "2"])?.short)
    #expect(one.short != FigureSignature(["a": "1", "b": "3"])?.short)
    #expect(FigureSignature([:]) == nil && FigureSignature(nil) == nil)
  }

  @Test func `Words that no person wrote are marked`() {
    let pieces = ClipTranscript.pieces(
      of: "A red ball bounces.", ["the dog barks", "a ball bounces slowly"])
    #expect(pieces.map(\.text) == ["A", "red", "ball bounces."])
    #expect(pieces.map(\.differs) == [false, true, false])
    #expect(ClipTranscript.pieces(of: "A ball.", []).map(\.differs) == [false])
  }

  @Test func `A sentence that stays the same is one cue`() throws {
    let report = SampleRecords.done(try ClipID("one"))
    var moments = ClipMoment.moments(of: report)
    #expect(ClipTranscript(moments, video: "v.mp4")?.cues.count == 2)
    report.truth.map { _ in moments = ClipMoment.moments(of: Self.withoutTruth(report)) }
    let cues = try #require(ClipTranscript(moments, video: "v.mp4")?.cues)
    #expect(cues.map(\.target) == ["v.mp4#t=1.500"])
    #expect(cues.map(\.end) == ["2.000"])
  }

  @Test func `A thing keeps its colour from clip to clip, and two of one clip differ`() throws {
    func objects(_ names: [String]) throws -> ClipObjects? {
      var report = SampleRecords.done(try ClipID("one"))
      for (place, name) in names.enumerated() {
        report.prediction?.frames[place + 1].category = name
      }
      report.prediction?.frames[1].objects = []
      report.prediction?.frames[2].objects = []
      return ClipObjects(ClipMoment.moments(of: report))
    }
    let first = try #require(try objects(["piano", "tuba"]))
    let second = try #require(try objects(["piano", "piano"]))
    #expect(first.ink(of: "piano") == second.ink(of: "piano"))
    #expect(Set(first.kinds.map(\.ink)).count == 2)
    #expect(second.kinds[0].moments == 2 && second.kinds[0].span == "0:01.0 to 0:03.0")
  }

  @Test func `Precision and recall follow from the areas and their overlap`() throws {
    // 40 × 40 pixels predicted and true, 20 columns apart: 800 in both, 2400 in either.
    var report = SampleRecords.done(try ClipID("one"))
    report.prediction?.frames[1].mask = SampleRecords.box(30, 20, 40)
    report.truth?.masks?[1] = SampleRecords.box(50, 20, 40)
    report.score?.frames[1].iou = 800.0 / 2400
    let view = ClipMomentView(ClipMoment.moments(of: report)[1], video: nil)
    #expect(view.precision == "0.500" && view.recall == "0.500" && view.trueArea == "10 %")
    let silent = ClipMomentView(ClipMoment.moments(of: report)[0], video: nil)
    #expect(silent.precision == "–" && silent.recall == "–")
  }

  @Test func `Another run stands beside the shown one, moment by moment`() throws {
    var report = SampleRecords.done(try ClipID("one"))
    report.otherRuns = [SampleRecords.otherRun(report.id)]
    let moments = ClipMoment.moments(of: report)
    let others = OtherRun.all(report, beside: moments)
    let view = try #require(OtherRunsView(others, report, moments, video: nil))
    #expect(view.runs.map(\.name) == ["other"])
    #expect(view.runs[0].better == 0 && view.runs[0].worse == 1)
    #expect(view.runs[0].moments.map(\.difference) == ["±0.000", "−0.320", "±0.000", "±0.000"])
    #expect(view.runs[0].moments[1].pieces.map(\.differs) == [false, true, false, true])
    #expect(view.runs[0].figures.first?.difference == "−0.130")
    let data = ClipPlayerData(report, moments, objects: nil, others: others, pictureStart: 0)
    #expect(data.others[0].moments.count == 4 && data.hasAttention)
    report.otherRuns = nil
    #expect(OtherRunsView([], report, moments, video: nil) == nil)
  }

  @Test func `The twin says what other runs say without repeating their masks`() throws {
    let id = try ClipID("one")
    var report = SampleRecords.done(id)
    let alone = try JSONText.document(ClipDocument(report)).count
    report.otherRuns = Array(repeating: SampleRecords.otherRun(id), count: 6)
    let whole = try JSONText.document(report).count
    let document = try JSONText.document(ClipDocument(report))
    struct Twin: Decodable {
      struct Run: Decodable { let frames: [Frame] }
      struct Frame: Decodable { let caption: String }
      let prediction: Prediction
      let otherRuns: [Run]
    }
    let read = try JSONDecoder().decode(Twin.self, from: Data(document))
    #expect(read.otherRuns.count == 6)
    #expect(read.otherRuns[0].frames.map(\.caption).contains("a blue ball rolls"))
    #expect(document.count - alone < (whole - alone) / 2)
  }

  @Test func `Sentences carry their figures where somebody wrote what is right`() throws {
    let moments = ClipMoment.moments(of: SampleRecords.done(try ClipID("one")))
    let cues = try #require(ClipTranscript(moments, video: nil)?.cues)
    #expect(cues.allSatisfy { $0.figures?.hasPrefix("BLEU-4 0.") == true })
    // “a red ball bounces” with “a ball hits the floor”: two words in common, 2/4 and 2/5.
    #expect(cues[0].figures?.contains("ROUGE-L 0.44") == true)
  }

  @Test func `A failed clip shows every attempt with its log`() throws {
    let state = ClipReport.State.failed(
      reason: "It cannot be read.", kind: "quarantined",
      attempts: [AttemptRecord(number: 1, error: "First line.\nsecond\nthird")])
    let view = try #require(ClipFailureView(state))
    #expect(view.attempts[0].error == "First line.")
    #expect(view.attempts[0].log == "First line.\nsecond\nthird")
    #expect(view.advice.hasSuffix("When the cause is mended:"))
  }

  @Test func `Silence is dark, a tone is a bright band at its pitch`() {
    let mel = MelSpectrum()
    let silent = [Float](repeating: 0, count: MelSpectrum.window)
    #expect(mel.bands(of: silent[...]).allSatisfy { abs($0 - MelSpectrum.floor) < 1e-4 })
    let tone = (0..<MelSpectrum.window).map { sin(2 * Float.pi * 1000 * Float($0) / 16000) }
    let bands = mel.bands(of: tone[...])
    let loudest = bands.indices.max { bands[$0] < bands[$1] }
    // 1000 Hz is 1000 mel by HTK's formula; the bands lie evenly from 185 to 2773 mel.
    let expected = (1000 - 185.0) / ((2773 - 185.0) / 65) - 1
    #expect(abs(Double(loudest ?? 0) - expected) < 1)
  }

  private static func withoutTruth(_ report: ClipReport) -> ClipReport {
    var report = report
    report.truth = nil
    report.score = nil
    return report
  }
}
