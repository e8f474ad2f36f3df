/// About how large a site will be, known before anything of it is made.
///
/// Pages are reckoned by what sites of ten-second clips have; videos by what they are. A host refuses
/// by ``least``, so that no site is turned away that would have fitted.
public struct SiteEstimate: Hashable, Sendable {
  /// About how large the site will be.
  public let likely: SiteSize

  /// What it has at least.
  public let least: SiteSize

  /// A clip's page, its twin and its sentences; beside them small pictures and key frames of a video.
  private static let page = (files: 3, bytes: 60_000)
  private static let pictures = (files: 5, bytes: 50_000)
  private static let keyFrame = 14_000

  /// Pages, scripts and pictures that are packed, in bytes a clip and of a script.
  private static let packedPage = 12_000
  private static let packedScript = 900_000

  /// Everything that belongs to no clip.
  private static let others = (files: 60, bytes: 600_000)

  /// Reckons the size of a site.
  ///
  /// - Parameters:
  ///   - snapshot: What it shows.
  ///   - options: Whether videos and key frames get in.
  ///   - profile: Its form.
  public init(
    of snapshot: SiteSnapshot, options: SiteOptions, profile: SitePublisher.Profile
  ) {
    let clips = snapshot.collections.reduce(0) { $0 + $1.clips.count }
    let shown = snapshot.collections.compactMap(\.videos).reduce(SiteSize(), +)
    // What a conversion makes of a video is not known.
    let videos = options.media == .none ? SiteSize() : shown
    let isKept = !options.convertsVideos && [.copy, .link].contains(options.media)
    let kept = isKept ? videos : SiteSize()
    let lists = 2 * clips / CollectionPage.rowsOnAPage
    let pictures = shown.files * (Self.pictures.bytes + options.keyFrames * Self.keyFrame)
    let drawn = Self.pictures.files + options.keyFrames
    switch profile {
    case .full:
      likely =
        SiteSize(
          files: Self.others.files + lists + clips * Self.page.files + shown.files * drawn,
          bytes: Self.others.bytes + clips * Self.page.bytes + pictures
        ) + videos
      least = SiteSize(files: 2 * clips) + kept
    case .packed:
      let packed = clips * Self.packedPage + pictures * 4 / 3
      likely =
        SiteSize(
          files: Self.others.files + lists + packed / Self.packedScript,
          bytes: Self.others.bytes + packed) + videos
      least = kept
    case .singleFile:
      let bytes = Self.others.bytes + clips * Self.page.bytes + (pictures + videos.bytes) * 4 / 3
      likely = SiteSize(files: 1, bytes: bytes)
      least = SiteSize(files: 1, bytes: kept.bytes)
    }
  }
}
