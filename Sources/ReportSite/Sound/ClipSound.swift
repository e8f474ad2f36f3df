import Foundation
import Media

/// What a clip's page draws of its sound.
struct ClipSound {
  /// The `d` of a path in a box of ``SoundDrawing/columns`` × 64, over ``seconds``.
  let waveform: String

  /// The picture of the spectrum within the site, over ``seconds``.
  let spectrum: String

  /// The stretch of the clip, from its beginning.
  let seconds: Double

  /// The file with ``waveform``, which the next build takes over.
  let drawing: String

  /// The files within the site.
  var files: [String] { [drawing, spectrum] }

  /// Draws the sound of a file, or takes what the old site has.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - digest: Its hash.
  ///   - seconds: How much of it.
  ///   - reuse: Takes a file over from the old site, when it is there.
  ///   - folder: The site.
  /// - Returns: Nil for a file without sound.
  /// - Throws: `MediaError` for a file that cannot be read, ``SiteError`` for a site that cannot be
  ///   written.
  static func make(
    path: String, digest: String, seconds: Double, reuse: (String) -> Bool, folder: SiteFolder
  ) throws -> ClipSound? {
    guard seconds > 0, seconds.isFinite, seconds < 1e6 else { return nil }
    let key = Digest.text(of: ["2", digest, "\(seconds)"])
    let wave = ClipMediaWriter.address("sound", key, ".txt")
    let spectrum = ClipMediaWriter.address("sound", key, PagePicture.ending)
    if reuse(wave), reuse(spectrum) {
      let text = try? String(contentsOfFile: folder.path + "/" + wave, encoding: .utf8)
      if let text {
        return ClipSound(waveform: text, spectrum: spectrum, seconds: seconds, drawing: wave)
      }
    }
    let reader = try SoundReader(path: path, sampleRate: MelSpectrum.sampleRate)
    guard reader.hasSound else { return nil }
    let drawing = try SoundDrawing(reader, seconds: seconds)
    try SiteFile.writeWhole(Array(drawing.waveform.utf8), to: try folder.prepare(wave))
    try SiteFile.writeWhole(
      try PagePicture.encode(drawing.spectrum), to: try folder.prepare(spectrum))
    return ClipSound(
      waveform: drawing.waveform, spectrum: spectrum, seconds: seconds, drawing: wave)
  }
}
