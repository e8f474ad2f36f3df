import Foundation
import Media

/// Small frames of a clip side by side, from its beginning to its end: one picture for a timeline.
struct FilmStrip {
  private static let width = 1152
  private static let height = 54

  /// The picture within the site.
  let file: String

  /// Its size in pixels.
  let width: Int
  let height: Int

  /// The stretch of the clip that it covers, from its beginning.
  let seconds: Double

  /// Makes the strip of a file, or takes what the old site has.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - digest: Its hash.
  ///   - seconds: How much of it.
  ///   - reuse: Takes a file over from the old site, when it is there.
  ///   - folder: The site.
  /// - Returns: Nil for a file without picture.
  /// - Throws: `MediaError` for a file that cannot be read, ``SiteError`` for a site that cannot be
  ///   written.
  static func make(
    path: String, digest: String, seconds: Double, reuse: (String) -> Bool, folder: SiteFolder
  ) throws -> FilmStrip? {
    guard seconds > 0, seconds.isFinite, seconds < 1e6 else { return nil }
    let reader = try MediaReader(path: path)
    guard let stream = reader.info.video, stream.width > 0, stream.height > 0 else { return nil }
    let frame = min(max(height * stream.width / stream.height, 24), 144)
    let count = width / frame
    let file = ClipMediaWriter.address(
      "strip", Digest.text(of: ["2", digest, "\(seconds)"]), PagePicture.ending)
    let strip = FilmStrip(file: file, width: count * frame, height: height, seconds: seconds)
    if reuse(file) { return strip }
    let times = (0..<count).map { (Double($0) + 0.5) * seconds / Double(count) }
    var pixels = [UInt8](repeating: 0, count: 3 * strip.width * height)
    try reader.frames(at: times, width: frame, height: height) { index, picture in
      for row in 0..<height {
        let place = 3 * (row * strip.width + index * frame)
        pixels.replaceSubrange(
          place..<(place + 3 * frame),
          with: picture.pixels[(3 * row * frame)..<(3 * (row + 1) * frame)])
      }
    }
    let picture = RGBImage(width: strip.width, height: height, pixels: pixels)
    try SiteFile.writeWhole(try PagePicture.encode(picture), to: try folder.prepare(file))
    return strip
  }
}
