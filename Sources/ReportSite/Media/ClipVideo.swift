import Foundation
import Media

extension ClipMediaWriter {
  /// Puts a clip's video into the site, as the options say.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - digest: SHA-256 of the file as it was analysed.
  ///   - checks: Whether the file must still be that.
  /// - Returns: The video's path from the site's folder.
  /// - Throws: ``VideoProblem`` or `MediaError`, which are told on the page, and ``SiteError``.
  func video(path: String, digest: String, checks: Bool) throws -> String {
    let info = try MediaReader(path: path).info
    let isPlayable = WebVideo.isPlayable(info)
    guard isPlayable || options.convertsVideos else {
      throw VideoProblem.unplayable(info.container)
    }
    let converts = !isPlayable || options.media == .transcode
    let ending =
      converts
      ? "-\(options.format.rawValue).\(options.format.ending)" : "." + Self.ending(for: info)
    let name = Self.address("video", digest, ending)
    if isReusable(name), reuse(name) { return name }
    if checks, try ContentHash.sha256(ofFile: path) != digest { throw VideoProblem.changed }
    let target = try folder.prepare(name)
    if converts {
      try WebVideo.transcode(from: path, to: target, as: options.format)
    } else {
      try SiteFile.place(path, at: target, linking: options.media == .link)
    }
    return name
  }

  /// Shows a video that stays on the web.
  func takeFromWeb(_ web: ClipReport.Web?, _ media: inout ClipMedia) {
    guard let web else {
      media.problem = "The video file is not on the machine that built this site."
      return
    }
    if options.media == .none {
      media.problem = "Videos were left out of this site."
    } else if web.isComplete, web.origin != nil {
      media.web = web
    } else {
      media.problem =
        "The video is at \(web.address); the rest of its address may be a secret and is not told here."
    }
  }

  /// A symbolic link of an earlier build is none of the copies that this build is to make.
  private func isReusable(_ name: String) -> Bool {
    options.media == .link || !SiteFile.isLink(folder.oldPath(name))
  }

  private static func ending(for info: MediaInfo) -> String {
    if info.container.contains("webm") { return "webm" }
    return info.container.contains("ogg") ? "ogv" : "mp4"
  }
}

/// Why a video is not in a site.
enum VideoProblem: Error, CustomStringConvertible {
  case unplayable(String)
  case changed
  case unreadable(String)

  var description: String {
    switch self {
    case .unplayable(let container):
      "browsers do not play its format (\(container)), and converting was turned off."
    case .changed: "the file has changed since it was analysed; submit it again."
    case .unreadable(let reason): "the file cannot be read (\(reason))."
    }
  }
}
