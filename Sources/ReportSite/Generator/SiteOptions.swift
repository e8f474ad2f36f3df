public import Foundation

/// What a build may leave open.
public struct SiteOptions: Hashable, Sendable {
  /// How videos get into the site.
  public enum Videos: String, Hashable, Sendable, CaseIterable {
    /// A copy, so that the site can be moved and stays as it is.
    case copy

    /// A hard link, which takes no space; a copy where the file system cannot link.
    case link

    /// Not at all: pages show key frames only.
    case omit
  }

  /// How videos get into the site.
  public var videos: Videos

  /// Whether videos that no browser plays are converted to H.264.
  public var convertsVideos: Bool

  /// Most key frames on a clip's page.
  public var keyFrames: Int

  /// How many clips are worked on at a time.
  public var jobs: Int

  /// Chooses how to build; the defaults suit most sites.
  public init(
    videos: Videos = .copy, convertsVideos: Bool = true, keyFrames: Int = 6,
    jobs: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    self.jobs = jobs
    self.videos = videos
    self.convertsVideos = convertsVideos
    self.keyFrames = keyFrames
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
