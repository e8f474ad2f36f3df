import Annotations

/// Where a clip's files go, and what they depend on.
struct ClipPlace: Sendable {
  let clip: ClipID
  let collection: String

  /// The clip's folder, from the site's.
  let folder: String

  /// The clip's folder, from the collection's.
  let address: String

  /// The clips before and after it.
  let neighbours: (previous: ClipPage.Link?, next: ClipPage.Link?)

  /// The hash under which the manifest knows the clip.
  let key: String

  /// The hash of everything that the files depend on; nil when that is not known.
  let inputs: String?
}

/// Makes the files of clips, or takes those of an earlier build over.
struct ClipBuilder: Sendable {
  /// Grows when the same record gives other files.
  static let version = 9

  let folder: SiteFolder
  let templates: PageTemplates
  let frames: PageFrames
  let options: SiteOptions

  /// What the site in place was built from.
  let old: BuildManifest

  /// What an interrupted or earlier build has made in the new site's folder already.
  let resumed: BuildManifest

  /// Takes the files of a clip over when an earlier build made them from the same inputs.
  ///
  /// - Returns: What was noted of the clip; nil when its files have to be made.
  func takenOver(_ place: ClipPlace) throws -> CollectionBuild.Built? {
    guard let inputs = place.inputs else { return nil }
    if let (entry, line): (ClipEntry, _) = resumed.value(of: place.key, inputs: inputs),
      entry.files.allSatisfy({ folder.has("\(place.folder)/\($0)") }),
      entry.media.allSatisfy(folder.has)
    {
      return .init(entry: entry, line: line)
    }
    guard let (entry, line): (ClipEntry, _) = old.value(of: place.key, inputs: inputs) else {
      return nil
    }
    try makeEmptyFolder(place)
    guard entry.files.allSatisfy({ folder.takeOver("\(place.folder)/\($0)") }),
      entry.media.allSatisfy(folder.takeOver)
    else { return nil }
    return .init(entry: entry, line: line)
  }

  /// Makes the files of a clip.
  func built(_ report: ClipReport, at place: ClipPlace) throws -> CollectionBuild.Built {
    let moments = ClipMoment.moments(of: report)
    let media = try ClipMediaWriter(folder: folder, options: options).media(for: report, moments)
    let page = try ClipPage(
      report, moments, media, frame: frames.clip(place.clip, of: place.collection),
      neighbours: place.neighbours)
    let row = ClipRow(
      report, href: place.address + "/index.html", moments: moments, thumbnail: media.thumbnail)
    var entry = ClipEntry(row: row, moments: moments)
    entry.media = media.files
    try makeEmptyFolder(place)
    for (name, content) in try files(of: report, moments, page) {
      try SiteFile.write(content, to: folder.newPath("\(place.folder)/\(name)"))
      entry.files.append(name)
    }
    let line = try place.inputs.map {
      try BuildManifest.line(clip: place.key, inputs: $0, entry)
    }
    return .init(entry: entry, line: line ?? [])
  }

  private func makeEmptyFolder(_ place: ClipPlace) throws {
    if resumed.knows(place.key) { try folder.willReplace(place.key) }
    try SiteFile.makeEmptyFolder(folder.newPath(place.folder))
  }

  private func files(
    of report: ClipReport, _ moments: [ClipMoment], _ page: ClipPage
  ) throws -> [(name: String, content: [UInt8])] {
    var files = [("index.html", try templates.page("clip", page))]
    var shown = report
    shown.location = ClipProvenance.fileName(report.location)
    files.append((ClipDownloads.record, try JSONText.document(ClipDocument(shown))))
    if report.prediction != nil {
      files.append((ClipDownloads.captions, WebVTT.document(moments)))
    }
    return files
  }
}
