import Annotations
import SentenceMetrics

/// What is in a data set, in numbers.
public struct DatasetStatistics: Codable, Hashable, Sendable {
  /// Clips that can be read.
  public private(set) var clips = 0

  /// Annotated moments.
  public private(set) var moments = 0

  /// Moments in which something visible sounds.
  public private(set) var soundingMoments = 0

  /// Moments whose mask is known.
  public private(set) var masks = 0

  /// The mean share of the frame that a mask covers, over the masks that are not empty; nil
  /// without any.
  public private(set) var meanCoverage: Double?

  /// Reference sentences.
  public private(set) var sentences = 0

  /// Sentences that differ from each other.
  public private(set) var distinctSentences = 0

  /// The mean number of words of a sentence, as the metrics count words; nil without sentences.
  public private(set) var meanWords: Double?

  /// Words that differ from each other.
  public private(set) var vocabulary = 0

  /// Clips of each category; a clip without one counts for each class of its objects.
  public private(set) var categories: [String: Int] = [:]

  /// Clips that each split names.
  public private(set) var splits: [String: Int] = [:]

  /// What could not be read and is not counted.
  public private(set) var unreadable: [UnscoredClip] = []

  private enum CodingKeys: String, CodingKey {
    case clips, moments, masks, sentences, vocabulary, categories, splits, unreadable
    case soundingMoments = "sounding_moments"
    case meanCoverage = "mean_coverage"
    case distinctSentences = "distinct_sentences"
    case meanWords = "mean_words"
  }

  /// Reads a data set clip by clip.
  ///
  /// - Parameters:
  ///   - dataset: The data set.
  ///   - progress: Called after each clip with the number of clips done and of all clips.
  public init(of dataset: DatasetFolder, progress: (Int, Int) -> Void = { _, _ in }) {
    var tally = Tally()
    var done = 0
    dataset.forEachClip { clip, result in
      do {
        try count(result.get(), &tally)
      } catch {
        unreadable.append(UnscoredClip(clip: clip.name, reason: "\(error)"))
      }
      done += 1
      progress(done, dataset.clips.count)
    }
    splits = (dataset.description?.splits ?? [:]).mapValues(\.count)
    distinctSentences = tally.sentences.count
    vocabulary = tally.words.count
    if tally.covered > 0 { meanCoverage = tally.coverage / Double(tally.covered) }
    if sentences > 0 { meanWords = Double(tally.wordCount) / Double(sentences) }
  }

  /// What is needed on the way only.
  private struct Tally {
    var sentences: Set<String> = []
    var words: Set<String> = []
    var wordCount = 0
    var coverage = 0.0
    var covered = 0
  }

  private mutating func count(_ truth: ClipTruth, _ tally: inout Tally) throws {
    // Everything that can fail comes first: a clip counts whole or not at all.
    let known = try (truth.masks ?? []).compactMap { try $0?.decoded() }
    clips += 1
    moments += truth.frameTimes.count
    soundingMoments += truth.sounding.count { $0 }
    let objects = Set((truth.objects ?? []).joined().map(\.category))
    for category in truth.category.map({ Set([$0]) }) ?? objects {
      categories[category, default: 0] += 1
    }
    masks += known.count
    for mask in known where !mask.isEmpty {
      tally.coverage += Double(mask.area) / Double(mask.width * mask.height)
      tally.covered += 1
    }
    for sentence in truth.captions.joined() {
      let words = PTBTokenizer.words(in: sentence)
      sentences += 1
      tally.sentences.insert(sentence)
      tally.words.formUnion(words)
      tally.wordCount += words.count
    }
  }
}
