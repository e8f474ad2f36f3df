import SentenceMetrics
import Streaming

/// What is kept of scored clips until all are there, in a ``Spool``.
struct ClipRecords: Sendable {
  private(set) var ids: NameTable
  private(set) var categoryNames: [String] = []
  private(set) var classNames: [String] = []

  private var categoryPlaces: [String: Int32] = [:]
  private var classPlaces: [String: Int32] = [:]
  private var records: SpooledRecords
  private let spool: Spool

  /// How many sentences there are.
  private(set) var sentenceCount = 0

  /// - Parameter memory: How many bytes may stay in memory.
  init(memory: Int = Spool.usualLimit) {
    spool = Spool(limit: memory)
    records = SpooledRecords(in: spool)
    ids = NameTable(in: Spool(limit: memory))
  }

  /// Why something stays in memory that should be in a file; nil while all is well.
  var failure: SpoolFailure? { spool.failure ?? ids.failure }

  /// What is kept of a clip but its sentences.
  struct Masks {
    /// Its category as a place in ``categoryNames``; −1 for none.
    var category: Int32

    /// The sums of the masks and of the classes, as a row of ``ClipTable``.
    var row: [Double]

    /// The mask figures of its frames, where some are wanted that are no sums over clips.
    var frames: [FrameScore] = []
  }

  /// Adds a clip.
  ///
  /// - Parameters:
  ///   - score: The clip's scores.
  ///   - keepsFrames: Whether the figures of its frames are wanted.
  mutating func append(_ score: ClipScore, keepsFrames: Bool) {
    var record = ByteRecord()
    record.append(score.category.map { Self.place($0, &categoryPlaces, &categoryNames) } ?? -1)
    append(MetricSums(masksOf: score.frames), to: &record)
    append(classesOf: score.frames, to: &record)
    record.append(Int32(keepsFrames ? score.frames.count : 0))
    if keepsFrames { for frame in score.frames { Self.append(frame, to: &record) } }
    let sentences = score.frames.filter { $0.truthSounding && !$0.references.isEmpty }
    record.append(Int32(sentences.count))
    sentenceCount += sentences.count
    for frame in sentences {
      record.append(Self.line(frame.hypothesis))
      record.append(Int32(frame.references.count))
      for reference in frame.references { record.append(Self.line(reference)) }
    }
    ids.append(score.clip)
    records.append(record.bytes)
  }

  /// What is kept of a clip's masks.
  func masks(of clip: Int) -> Masks { read(clip) { Self.masks(&$0) } }

  /// A clip's sentences, each caption a line.
  func sentences(of clip: Int) -> [SentencePair] {
    read(clip) { reader in
      _ = Self.masks(&reader)
      return (0..<reader.int32()).map { _ in
        SentencePair(
          hypothesis: reader.text(), references: (0..<reader.int32()).map { _ in reader.text() })
      }
    }
  }

  private func read<Result>(_ clip: Int, _ body: (inout ByteReader) -> Result) -> Result {
    records.withRecord(clip) { bytes in
      var reader = ByteReader(bytes)
      return body(&reader)
    }
  }

  private static func masks(_ reader: inout ByteReader) -> Masks {
    var masks = Masks(
      category: reader.int32(), row: [Double](repeating: 0, count: MetricSums.count))
    for _ in 0..<reader.int32() { masks.row[Int(reader.int32())] = reader.double() }
    for _ in 0..<reader.int32() {
      let start = MetricSums.count + Int(reader.int32()) * ClassSums.count
      while masks.row.count < start + ClassSums.count { masks.row.append(0) }
      for offset in 0..<ClassSums.count { masks.row[start + offset] = reader.double() }
    }
    for _ in 0..<reader.int32() {
      masks.frames.append(
        FrameScore(
          time: 0, iou: reader.optionalDouble(), fScore: reader.optionalDouble(),
          wholeFrameF: reader.optionalDouble(), truthSounding: false, predictedSounding: false,
          references: [], hypothesis: ""))
    }
    return masks
  }

  private func append(_ sums: MetricSums, to record: inout ByteRecord) {
    let used = sums.values.indices.filter { sums.values[$0] != 0 }
    record.append(Int32(used.count))
    for place in used {
      record.append(Int32(place))
      record.append(sums.values[place])
    }
  }

  private mutating func append(classesOf frames: [FrameScore], to record: inout ByteRecord) {
    var classes: [Int32: ClassSums] = [:]
    for entry in frames.lazy.compactMap(\.classes).joined() {
      classes[Self.place(entry.name, &classPlaces, &classNames), default: ClassSums()].add(entry)
    }
    record.append(Int32(classes.count))
    for (place, sums) in classes.sorted(by: { $0.key < $1.key }) {
      record.append(place)
      for value in sums.values { record.append(value) }
    }
  }

  private static func append(_ frame: FrameScore, to record: inout ByteRecord) {
    for figure in [frame.iou, frame.fScore, frame.wholeFrameF] { record.append(figure) }
  }

  /// The reference takes a line break in a caption for a space.
  private static func line(_ caption: String) -> String {
    caption.utf8.contains(0x0A) ? caption.replacing("\n", with: " ") : caption
  }

  private static func place(
    _ name: String, _ places: inout [String: Int32], _ names: inout [String]
  ) -> Int32 {
    if let known = places[name] { return known }
    places[name] = Int32(names.count)
    names.append(name)
    return Int32(names.count - 1)
  }
}
