public import Annotations
public import Evaluation
import Foundation
import Media
public import Streaming

/// Sentences that another program has written, a JSON object a line:
/// `{"clip": "piano", "time": 0.5, "caption": "The piano is playing."}`.
///
/// A sentence belongs to the annotated moment with the number `frame` (from 0) or nearest to `time`
/// (in seconds); with neither it stands for all moments of the clip. In memory are the clips' names
/// and where lines begin; the sentences of a clip are read when they are wanted.
public struct DescriptionFile: AnswerSource {
  /// Lines that cannot be used, with what is wrong.
  public private(set) var problems: [UnscoredClip] = []

  /// The clips with at least one sentence, ascending by their bytes.
  public private(set) var names = NameTable()

  private let data: Data

  /// Where the usable lines begin.
  private var starts: [Int] = []

  /// For each clip its lines, as ranges of ``starts``.
  private var lines: [[Range<Int32>]] = []

  /// Reads a file; a line that cannot be used is listed and the rest goes on.
  ///
  /// - Parameter path: The file.
  /// - Throws: An error that names the file when it cannot be opened or no line can be used.
  public init(path: String) throws(ExperimentError) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    else {
      throw .missing(file: path, what: "a file of sentences, a JSON object a line,")
    }
    self.data = data
    var problems: [(start: Int, reason: String)] = []
    index(&problems)
    if names.isEmpty {
      throw .unreadable(
        file: path,
        reason: "no line is an object such as {\"clip\":\"a\",\"caption\":\"A dog barks.\"}")
    }
    for place in names.indices {
      _ = descriptions(of: place) {
        problems.append(($0, "“\(names[place])” has a sentence for this moment before"))
      }
    }
    self.problems = problems.sorted { $0.start < $1.start }.map { start, reason in
      let line = data[..<start].count { $0 == 0x0A } + 1
      return UnscoredClip(clip: "\(path):\(line)", reason: reason)
    }
  }

  /// Finds the lines of each clip, most of which stand together.
  private mutating func index(_ problems: inout [(start: Int, reason: String)]) {
    var runs = NameTable()
    var firsts: [Int32] = []
    var start = data.startIndex
    while start < data.endIndex {
      let end = data[start...].firstIndex(of: 0x0A) ?? data.endIndex
      defer { start = end + 1 }
      if data[start..<end].allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      guard let line = line(at: start) else {
        problems.append((start, "it is no object with “clip” and “caption”"))
        continue
      }
      if runs.last != line.clip {
        runs.append(line.clip)
        firsts.append(Int32(starts.count))
      }
      starts.append(start)
    }
    var last: Int?
    for run in runs.ascending.map(Int.init) {
      if last.map({ !runs.isSame($0, run) }) ?? true {
        names.append(runs[run])
        lines.append([])
      }
      last = run
      let end = run + 1 < firsts.count ? firsts[run + 1] : Int32(starts.count)
      lines[lines.count - 1].append(firsts[run]..<end)
    }
  }

  private func line(at start: Int) -> Line? {
    let end = data[start...].firstIndex(of: 0x0A) ?? data.endIndex
    return try? JSONDecoder().decode(Line.self, from: data[start..<end])
  }

  /// The sentences of a clip; `repeated` gets the lines of moments that have one before.
  private func descriptions(of place: Int, repeated: (Int) -> Void = { _ in }) -> ClipDescriptions {
    var descriptions = ClipDescriptions()
    for start in lines[place].joined().map({ starts[Int($0)] }) {
      if let line = line(at: start), !descriptions.add(line) { repeated(start) }
    }
    return descriptions
  }

  /// The hash of the clip's sentences.
  public func digest(of id: ClipID) -> String? {
    names.place(of: id.text).map {
      ContentHash.sha256(of: Array(descriptions(of: $0).text.utf8))
    }
  }

  /// Pairs the clip's sentences with its annotated moments; masks have no part.
  ///
  /// A moment that sounds and has no sentence is listed among the score's problems.
  public func score(against truth: ClipTruth) throws(EvaluationError) -> ClipScore {
    var score = ClipScore(clip: truth.id.text, category: truth.category, frames: [])
    guard let place = names.place(of: truth.id.text) else {
      throw .notScored(clip: "The clip “\(truth.id.text)”", reason: "it has no sentence")
    }
    let found = descriptions(of: place).captions(at: truth.frameTimes)
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
