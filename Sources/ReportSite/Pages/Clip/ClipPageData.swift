import Annotations

/// What the pages of clips are filled with, as JSON, so that other generators of sites can be timed
/// with the same pages.
package struct ClipPageData {
  private let frames: PageFrames
  private let collection: CollectionSnapshot

  /// Describes the pages of a collection's clips.
  ///
  /// - Parameters:
  ///   - snapshot: The site.
  ///   - collection: One of its collections.
  ///   - assets: The folder with the style sheets and scripts.
  /// - Throws: ``SiteError/missingAsset(path:)``.
  package init(
    _ snapshot: SiteSnapshot, _ collection: CollectionSnapshot, assets: String
  ) throws {
    frames = PageFrames(snapshot, try SiteAssets(folder: assets))
    self.collection = collection
  }

  /// The view of the page of a clip whose video is not there.
  ///
  /// - Parameters:
  ///   - report: The clip's record.
  ///   - place: Which clip of the collection it is.
  /// - Returns: JSON on one line.
  /// - Throws: What the record's own encoding throws.
  package func view(of report: ClipReport, at place: Int) throws -> String {
    let link = { (near: Int) in
      collection.clips.indices.contains(near)
        ? ClipPage.Link(
          id: collection.clips[near].text,
          address: "../\(collection.clips[near].text)/index.html") : nil
    }
    var media = ClipMedia()
    media.problem = "The video file is not on the machine that built this site."
    let page = try ClipPage(
      report, ClipMoment.moments(of: report), media,
      frame: frames.clip(report.id, of: collection.name),
      neighbours: (link(place - 1), link(place + 1)))
    return try JSONText.block(page)
  }
}
