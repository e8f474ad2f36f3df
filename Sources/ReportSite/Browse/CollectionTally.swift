/// What a collection's page sums up while the pages of its clips are written.
struct CollectionTally {
  /// Bins of the distribution, each a tenth wide.
  static let bins = 10

  private(set) var rows: [ClipRow] = []
  private(set) var overlap = [Int](repeating: 0, count: CollectionTally.bins)
  private(set) var seconds = 0.0

  /// When the last analysis came to an end, in seconds since 1970; nil when that is not known.
  private(set) var finished: Double?

  /// Clips in which something visible sounds by the truth.
  private var sounding: Set<String> = []

  private var texts = SharedTexts()

  /// Has no clip yet.
  ///
  /// - Parameter clips: How many there will be: a list that grows lies in memory twice.
  init(clips: Int = 0) { rows.reserveCapacity(clips) }

  /// Frames in ``overlap``.
  var scoredFrames: Int { overlap.reduce(0, +) }

  /// Clips in a state.
  func clips(in state: String) -> Int { rows.count { $0.state == state } }

  /// Takes one more clip in.
  mutating func add(_ clip: ClipEntry) {
    rows.append(clip.row.sharing(&texts))
    seconds += clip.row.duration ?? 0
    if let end = clip.row.facts.finished { finished = max(finished ?? end, end) }
    if clip.soundsByTruth { sounding.insert(clip.row.id) }
    for (bin, frames) in clip.overlap.enumerated() where bin < Self.bins { overlap[bin] += frames }
  }

  /// The scored clips in which something visible sounds, best first; equal ones in order of id.
  ///
  /// A clip in which nothing does has the full figure for saying so.
  var ranked: [ClipRow] {
    rows.filter { $0.iou != nil && sounding.contains($0.id) }.sorted {
      ($1.iou ?? 0, $0.id) < ($0.iou ?? 0, $1.id)
    }
  }
}
