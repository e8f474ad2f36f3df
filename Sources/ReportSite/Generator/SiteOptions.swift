public import Foundation
public import Media

/// What a build may leave open.
public struct SiteOptions: Hashable, Sendable {
  /// How videos get into the site.
  public enum Media: String, Hashable, Sendable, CaseIterable {
    /// A copy, so that the site can be moved and stays as it is.
    case copy

    /// A hard link, which takes no space; a symbolic link where the file system cannot.
    case link

    /// Another version of each video, also of those that browsers play.
    case transcode

    /// Not at all: pages show key frames only.
    case none
  }

  /// How videos get into the site.
  public var media: Media

  /// What videos are converted to.
  public var format: WebVideo.Format

  /// Whether videos that no browser plays are converted.
  public var convertsVideos: Bool

  /// Most key frames on a clip's page.
  public var keyFrames: Int

  /// How many clips are worked on at a time.
  public var jobs: Int

  /// From how many clips on the site that a build replaces stays in its hidden folder, for the next
  /// build to go on from; below, it is removed.
  public var keepsReplacedFrom = 5000

  /// Whether each collection's page offers everything of it as files: records and figures.
  public var dumps = false

  /// Chooses how to build; the defaults suit most sites.
  public init(
    media: Media = .copy, format: WebVideo.Format = .h264, convertsVideos: Bool = true,
    keyFrames: Int = 6,
    jobs: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    self.jobs = jobs
    self.media = media
    self.format = format
    self.convertsVideos = convertsVideos
    self.keyFrames = keyFrames
  }

  /// Everything that pages of clips depend on.
  var inputs: [String] {
    [media.rawValue, format.rawValue, "\(convertsVideos)", "\(keyFrames)"]
  }
}

/// How far a build is.
public struct SiteProgress: Hashable, Sendable {
  /// Clips whose pages are there.
  public var clipsWritten: Int

  /// Clips in all.
  public var clipsInAll: Int

  /// The clip whose page was written last.
  public var lastClip: String

  /// Describes how far a build is.
  public init(clipsWritten: Int, clipsInAll: Int, lastClip: String) {
    self.clipsWritten = clipsWritten
    self.clipsInAll = clipsInAll
    self.lastClip = lastClip
  }
}
