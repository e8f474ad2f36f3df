import Foundation

/// Makes of a finished site one with few files: pages of clips and small pictures are kept many
/// together in scripts, and one page shows them. It needs scripts, but no server. Pages are compressed
/// one by one: a page of ten moments with its twin takes a quarter of what it is.
struct SitePacker {
  /// The page that shows clips: `clip.html?` and the path of the clip's own page.
  static let viewer = "clip.html"

  /// Mean sizes of scripts with pages and with small pictures. A reader waits for a whole one.
  private static let pageBytes = 1 << 20
  private static let pictureBytes = 1 << 18

  /// The finished site's folder.
  let site: String
  /// The new one.
  let folder: SiteFolder
  let templates: PageTemplates
  let frames: PageFrames
  let jobs: Int

  /// Writes everything into the new folder.
  ///
  /// - Throws: ``SiteError``.
  func run() async throws {
    let files = SiteListing(site)
    let pages = try PackShards("pages", of: files.clips, bytes: Self.pageBytes) {
      try Deflated.text(packed($0)).utf8.count
    }
    let pictures = try PackShards("pictures", of: files.thumbnails, bytes: Self.pictureBytes) {
      try PackedFile.dataURL($0, in: site).utf8.count
    }
    let version = Digest.text(of: [
      try await pages.write(to: folder, jobs: jobs) { try Deflated.text(packed($0)) },
      try await pictures.write(to: folder, jobs: jobs) { try PackedFile.dataURL($0, in: site) },
    ])
    let script = { (root: String, attributes: String) in
      "<script src=\"\(root)\(frames.assets.packScript)\" defer\(attributes) data-pages=\"\(pages.paths.count)\" "
        + "data-pictures=\"\(pictures.paths.count)\" data-version=\"\(version.prefix(12))\"></script>"
    }
    for path in files.others {
      if path.hasSuffix(".html") {
        try folder.write(try rewritten(path) { script($0, "") }, to: path)
      } else {
        try place(path)
      }
    }
    for path in files.videos { try place(path) }
    try folder.write(try viewerPage(script("", " data-viewer")), to: Self.viewer)
  }

  private func place(_ path: String) throws {
    let target = try folder.prepare(path)
    if SiteFile.link("\(site)/\(path)", target) { return }
    try SiteFile.place("\(site)/\(path)", at: target, linking: false)
  }

  private func viewerPage(_ script: String) throws -> [UInt8] {
    let frame = frames.frame(
      title: frames.siteTitle, root: "", crumbs: [], twin: SiteFolder.marker,
      isDated: false)
    let page = try templates.page("viewer", ViewerPage(frame: frame))
    return FinishedPage(Self.viewer, html: page).withScript(script, replaces: true)
  }

  /// A page that stays a file of its own.
  private func rewritten(_ path: String, _ script: (String) -> String) throws -> [UInt8] {
    let page = try FinishedPage(path, in: site)
    let root = String(repeating: "../", count: path.split(separator: "/").count - 1)
    return try PageLinks(page: path).rewritten(page.withScript(script(root))[...]) { link in
      if SiteListing.isClip(link.path) {
        return .address("\(root)\(Self.viewer)?\(link.path)\(link.fragment)")
      }
      if SiteListing.isPicture(link.path) {
        return .address(try PackedFile.dataURL(link.path, in: site))
      }
      return .address(root + link.path + link.fragment)
    }
  }

  /// A clip's page as the viewer in the site's folder shows it.
  private func packed(_ path: String) throws -> PackedPage {
    let page = try FinishedPage(path, in: site)
    let clip = path.dropLast(SiteListing.pageName.count)
    var files: [String: String] = [:]
    let body = try PageLinks(page: path).rewritten(page.body) { link in
      if SiteListing.isClip(link.path) {
        return .address("\(Self.viewer)?\(link.path)\(link.fragment)")
      }
      if link.path.hasPrefix(clip) || SiteListing.isPicture(link.path) {
        files[link.path] = try files[link.path] ?? PackedFile.content(link.path, in: site)
        return .address(PackedFile.scheme + link.path)
      }
      // A moment of the video is one of the player's.
      let isMoment = SiteListing.isVideo(link.path) && !link.fragment.isEmpty
      return .address(isMoment ? link.fragment : link.path + link.fragment)
    }
    return PackedPage(
      title: page.title, body: String(decoding: body, as: UTF8.self), scripts: page.scripts,
      files: files)
  }
}

/// The view of the page that shows packed clips.
struct ViewerPage: Encodable {
  let frame: PageFrame
}

/// The files of a finished site by what they are; each list is sorted.
struct SiteListing {
  /// The name of a clip's page in its folder.
  static let pageName = "index.html"

  /// The pages of clips.
  private(set) var clips: [String] = []
  /// The small pictures of lists.
  private(set) var thumbnails: [String] = []
  /// The videos.
  private(set) var videos: [String] = []
  /// Everything that belongs to no clip.
  private(set) var others: [String] = []

  private let site: String

  /// Lists a site's files.
  init(_ site: String) {
    self.site = site
    for name in names(in: "") where name != "media" && name != BuildManifest.fileName {
      add(name)
    }
    for bucket in names(in: "media") {
      for file in names(in: "media/" + bucket) {
        let path = "media/\(bucket)/\(file)"
        if file.hasPrefix(ClipMediaWriter.thumbnailKind + "-") { thumbnails.append(path) }
        if Self.isVideo(path) { videos.append(path) }
      }
    }
  }

  private mutating func add(_ path: String) {
    let inside = names(in: path)
    let parts = path.split(separator: "/")
    let holdsClips = parts.count == 3 && parts[0] == "collections" && parts[2] == "clips"
    if inside.isEmpty, !holdsClips { return others.append(path) }
    for name in inside {
      if holdsClips {
        clips.append("\(path)/\(name)/\(Self.pageName)")
      } else {
        add("\(path)/\(name)")
      }
    }
  }

  private func names(in folder: String) -> [String] {
    let path = folder.isEmpty ? site : site + "/" + folder
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Whether a path is that of a clip's page.
  static func isClip(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    return parts.count == 5 && parts[0] == "collections" && parts[2] == "clips"
      && parts[4] == Substring(pageName)
  }

  /// Whether a path is that of a picture of a video.
  static func isPicture(_ path: String) -> Bool {
    path.hasPrefix("media/") && !isVideo(path)
  }

  /// Whether a path is that of a video.
  static func isVideo(_ path: String) -> Bool {
    path.hasPrefix("media/") && ["mp4", "webm", "ogv"].contains((path as NSString).pathExtension)
  }
}
