public import Annotations
public import Evaluation
import Foundation
import Media
public import Streaming

/// Sentences that another program has written, a JSON object a line:
/// `{"clip": "piano", "time": 0.5, "caption": "The piano is playing."}`.
///
/// A sentence belongs to the annotated moment with the number `frame` (from 0) or nearest to `time`
/// (in seconds); with neither it stands for all moments of the clip.
public struct DescriptionFile: AnswerSource {
  /// Lines that cannot be used, with what is wrong.
  public let problems: [UnscoredClip]

  private let sentences: [String: ClipDescriptions]

  /// The clips with at least one sentence, ascending by their bytes.
  public var names: NameTable {
    let names = NameTable(sentences.keys)
    return names.names(at: names.ascending)
  }

  /// Reads a file; a line that cannot be used is listed and the rest goes on.
  ///
  /// - Parameter path: The file.
  /// - Throws: An error that names the file when it cannot be opened or no line can be used.
  public init(path: String) throws(ExperimentError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing(file: path, what: "a file of sentences, a JSON object a line,")
    }
    var sentences: [String: ClipDescriptions] = [:]
    var problems: [UnscoredClip] = []
    for (number, line) in data.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
      let place = "\(path):\(number + 1)"
      guard let entry = try? JSONDecoder().decode(Line.self, from: line) else {
        problems.append(
          UnscoredClip(clip: place, reason: "it is no object with “clip” and “caption”"))
        continue
      }
      if !sentences[entry.clip, default: ClipDescriptions()].add(entry) {
        problems.append(
          UnscoredClip(clip: place, reason: "“\(entry.clip)” has a sentence for this moment before")
        )
      }
    }
    if sentences.isEmpty {
      throw .unreadable(
        file: path,
        reason: "no line is an object such as {\"clip\":\"a\",\"caption\":\"A dog barks.\"}")
    }
    self.sentences = sentences
    self.problems = problems
  }

  /// The hash of the clip's sentences.
  public func digest(of id: ClipID) -> String? {
    sentences[id.text].map { ContentHash.sha256(of: Array($0.text.utf8)) }
  }

  /// Pairs the clip's sentences with its annotated moments; masks have no part.
  ///
  /// A moment that sounds and has no sentence is listed among the score's problems.
  public func score(against truth: ClipTruth) throws(EvaluationError) -> ClipScore {
    var score = ClipScore(clip: truth.id.text, category: truth.category, frames: [])
    guard let own = sentences[truth.id.text] else {
      throw .notScored(clip: "The clip “\(truth.id.text)”", reason: "it has no sentence")
    }
    let found = own.captions(at: truth.frameTimes)
    for (index, time) in truth.frameTimes.enumerated() {
      guard let caption = found[index] else {
        if truth.sounding[index] { score.problems.append("no sentence is given for \(time) s") }
        continue
      }
      score.frames.append(
        FrameScore(
          time: time, iou: nil, fScore: nil, truthSounding: truth.sounding[index],
          predictedSounding: !caption.isEmpty, references: truth.captions[index],
          hypothesis: caption))
    }
    return score
  }

  /// One line.
  fileprivate struct Line: Decodable {
    let clip: String
    let time: Double?
    let frame: Int?
    let caption: String
  }
}

/// The sentences of one clip.
private struct ClipDescriptions: Sendable {
  private var whole: String?
  private var byFrame: [Int: String] = [:]
  private var byTime: [Double: String] = [:]

  /// Adds a sentence; false when its moment has one.
  mutating func add(_ line: DescriptionFile.Line) -> Bool {
    if let frame = line.frame { return Self.set(&byFrame[frame], line.caption) }
    if let time = line.time { return Self.set(&byTime[time], line.caption) }
    return Self.set(&whole, line.caption)
  }

  private static func set(_ place: inout String?, _ caption: String) -> Bool {
    if place != nil { return false }
    place = caption
    return true
  }

  /// The sentence of each moment, if there is one.
  func captions(at moments: [Double]) -> [String?] {
    let times = byTime.keys.sorted()
    let nearest = FrameMatching.matches(truth: moments, prediction: times)
    return moments.indices.map { index in
      byFrame[index] ?? nearest[index].flatMap { byTime[times[$0]] } ?? whole
    }
  }

  /// All of it as text in one order.
  var text: String {
    let frames = byFrame.sorted { $0.key < $1.key }.map { "f\($0.key)\t\($0.value)" }
    let times = byTime.sorted { $0.key < $1.key }.map { "t\($0.key)\t\($0.value)" }
    return ((whole.map { ["w\t\($0)"] } ?? []) + frames + times).joined(separator: "\n")
  }
}
