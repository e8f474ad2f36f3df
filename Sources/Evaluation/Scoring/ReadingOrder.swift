import SentenceMetrics
import Streaming

/// The sentences of a set as the reference reads them: as one text, in which a caption's words may
/// depend on the captions behind it.
struct ReadingOrder: Sendable {
  private let records: ClipRecords

  /// The clips, by id.
  private let clips: ClipPlaces

  /// Behind which clip which comes, as places in ``clips``; nil where that is their own order.
  private let nextOfReferences: [Int32]?
  private let nextOfHypotheses: [Int32]?

  /// - Parameters:
  ///   - records: All clips.
  ///   - clips: Those of the set, by id.
  ///   - order: In which order they are read; nil goes by their ids.
  init(_ records: ClipRecords, _ clips: ClipPlaces, _ order: CaptionOrder?) {
    self.records = records
    self.clips = clips
    let next = order?.successors(of: records.ids.names(at: clips))
    nextOfReferences = next?.references
    nextOfHypotheses = next?.hypotheses
  }

  /// The sentences of a clip; behind a caption that looks ahead stand the lines that it sees.
  ///
  /// - Parameter place: The clip's place in the set.
  /// - Returns: The sentences in order of time.
  func sentences(of place: Int) -> [SentencePair] {
    var pairs = records.sentences(of: Int(clips[place]))
    let hypotheses = pairs.map(\.hypothesis)
    let references = pairs.flatMap(\.references)
    var reference = 0
    for index in pairs.indices {
      pairs[index].hypothesis = inContext(
        hypotheses, index, after: place, nextOfHypotheses
      ) { [$0.hypothesis] }
      for own in pairs[index].references.indices {
        pairs[index].references[own] = inContext(
          references, reference, after: place, nextOfReferences, \.references)
        reference += 1
      }
    }
    return pairs
  }

  /// A caption with all that it sees: the lines up to the next one that is not blank.
  private func inContext(
    _ captions: [String], _ index: Int, after place: Int, _ next: [Int32]?,
    _ lines: (SentencePair) -> [String]
  ) -> String {
    guard PTBTokenizer.looksAhead(captions[index]) else { return captions[index] }
    var seen = captions[index]
    var following = captions[(index + 1)...]
    var place = place
    while true {
      for caption in following {
        seen += "\n" + caption
        if !PTBTokenizer.isBlank(caption) { return seen }
      }
      place = next.map { Int($0[place]) } ?? place + 1
      guard clips.indices.contains(place) else { return seen }
      following = records.sentences(of: Int(clips[place])).flatMap(lines)[...]
    }
  }
}
