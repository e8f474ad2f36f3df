import Media

/// What a site says of itself in `about.json`: what made it, from what, and how much there is. Nothing
/// in it changes when nothing else of the site does.
struct AboutSite: Encodable {
  static let file = "about.json"

  struct Collection: Encodable {
    let name: String
    let clips: Int
    let done: Int
    let failed: Int
    let waiting: Int
    let runs: Int
  }

  let format = 1
  let software: String
  /// The commit of the checkout that made the site; nil where an installed program did.
  let commit: String?
  /// The version of the rules by which pages are made from records.
  let rules = ClipBuilder.version
  /// Hashes of the templates, and of the scripts and style sheets.
  let templates: String
  let assets: String
  let options: [String: String]
  /// Pages of clips, of lists, and others.
  let pages: Int
  /// Bytes that a clip's page loads of scripts and style sheets, before compression.
  let scripts: Int
  let styles: Int
  let collections: [Collection]

  private enum CodingKeys: String, CodingKey {
    case format, software, commit, rules, templates, assets, options, pages, collections
    case scripts = "script_bytes"
    case styles = "style_bytes"
  }

  init(
    _ build: SiteBuild, _ entries: [CollectionEntry], comparisons: Int
  ) {
    software = build.snapshot.softwareVersion
    commit = build.snapshot.commit
    templates = build.templates.digest
    assets = build.assets.digest
    options = [
      "media": build.options.media.rawValue, "format": build.options.format.rawValue,
      "convert": "\(build.options.convertsVideos)", "key_frames": "\(build.options.keyFrames)",
    ]
    let lists = entries.reduce(0) { $0 + ClipListView.count(of: $1.clips) }
    // The first page, all clips, results, models, queue and methods.
    pages = 6 + entries.reduce(0) { $0 + $1.clips } + lists + comparisons
    scripts = build.assets.bytes(endingIn: "js")
    styles = build.assets.bytes(endingIn: "css")
    collections = zip(build.snapshot.collections, entries).map { collection, entry in
      Collection(
        name: entry.name, clips: entry.clips, done: entry.done, failed: entry.failed,
        waiting: entry.waiting, runs: collection.runs.count)
    }
  }
}
