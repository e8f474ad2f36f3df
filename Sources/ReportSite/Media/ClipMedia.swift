import Annotations
import Foundation
import Media

/// The video and pictures of one clip's page.
struct ClipMedia {
  /// A frame of the clip, without masks.
  struct KeyFrame {
    let moment: Int
    let file: String
    /// A small one with its masks drawn in, where something is wrong with the moment.
    let finding: String?
    let width: Int
    let height: Int
  }

  /// The video within the site; nil when there is none to show.
  var video: String?

  /// Seconds from the beginning of ``video`` to its first frame.
  var pictureStart = 0.0

  /// The video on the web, which is fetched when a reader asks for it.
  var web: ClipReport.Web?

  /// Why there is no video or picture, in one sentence.
  var problem: String?

  /// The pictures, in order of time.
  var keyFrames: [KeyFrame] = []

  /// A small picture for lists.
  var thumbnail: String?

  /// The picture shown before the video plays.
  var poster: String?

  /// Small frames of the whole clip side by side.
  var strip: FilmStrip?

  /// What the timeline shows of the sound; nil for a file without any.
  var sound: ClipSound?

  /// All of them.
  var files: [String] {
    let pictures =
      keyFrames.map(\.file)
      + (keyFrames.map(\.finding) + [poster, thumbnail, strip?.file]).compactMap(\.self)
    return Set(pictures + [video].compactMap(\.self) + (sound?.files ?? [])).sorted()
  }
}

/// Puts videos and pictures into a site, and takes from the old site what is there already.
///
/// Files are named after everything that they depend on, so a name that exists holds the right
/// bytes and unchanged clips cost no decoding.
struct ClipMediaWriter {
  /// Grows when pictures are drawn in another way.
  private static let drawingVersion = 2
  private static let pictureWidth = 640
  private static let thumbnailWidth = 240
  /// How names of pictures for lists begin.
  static let thumbnailKind = "thumb"

  let folder: SiteFolder
  let options: SiteOptions

  /// Makes what a clip's page shows.
  ///
  /// A video that is gone or broken is a notice on the page; a full disk ends the build.
  func media(for report: ClipReport, _ moments: [ClipMoment]) throws -> ClipMedia {
    var media = ClipMedia()
    guard let path = report.location else {
      takeFromWeb(report.web, &media)
      return media
    }
    do {
      let digest = try report.prediction?.clip.sha256 ?? ContentHash.sha256(ofFile: path)
      let chosen = keyMoments(moments)
      try addPictures(&media, path: path, digest: digest, moments, chosen)
      let seconds = report.prediction?.clip.duration ?? 0
      media.strip = try FilmStrip.make(
        path: path, digest: digest, seconds: seconds, reuse: reuse, folder: folder)
      media.sound = try ClipSound.make(
        path: path, digest: digest, seconds: seconds, reuse: reuse, folder: folder)
      if options.media == .none {
        media.problem = "Videos were left out of this site; the key frames show what was found."
      } else {
        let name = try video(path: path, digest: digest, checks: report.prediction != nil)
        media.video = name
        media.pictureStart = try MediaReader(path: "\(folder.path)/\(name)").info.video?.start ?? 0
      }
    } catch let error as SiteError {
      throw error
    } catch {
      let message = "\(error)".replacing(path, with: ClipProvenance.fileName(path) ?? "")
      media.problem = "The video cannot be shown: " + message
    }
    return media
  }

  // MARK: Pictures

  /// Evenly spread moments, moved to where something sounds when a neighbour does, and the worst.
  private func keyMoments(_ moments: [ClipMoment]) -> [Int] {
    let wanted = min(options.keyFrames, moments.count)
    guard wanted > 0 else { return [] }
    var chosen = Set(ClipFindings.worstPlaces(in: moments))
    for number in 0..<wanted {
      let first = number * moments.count / wanted
      let range = first..<((number + 1) * moments.count / wanted)
      chosen.insert(range.first { moments[$0].hasSound } ?? first)
    }
    return chosen.sorted()
  }

  private func addPictures(
    _ media: inout ClipMedia, path: String, digest: String, _ moments: [ClipMoment],
    _ chosen: [Int]
  ) throws {
    let reader = try MediaReader(path: path)
    guard let stream = reader.info.video, stream.width > 0, stream.height > 0 else { return }
    let times = chosen.isEmpty ? [reader.info.duration / 2] : chosen.map { moments[$0].time }
    let width = min(Self.pictureWidth, stream.width)
    let height = max(1, stream.height * width / stream.width)
    let looked = times.indices.map { chosen.isEmpty ? nil : moments[chosen[$0]] }
    // Without moments the frame is only drawn into the poster.
    let names = times.indices.map { index in
      chosen.isEmpty ? nil : Self.picture("frame", [digest, "\(times[index])"])
    }
    let drawn = times.indices.map { Self.masks(looked[$0]) + [digest, "\(times[$0])"] }
    let shown = chosen.firstIndex { moments[$0].hasSound } ?? names.count / 2
    let poster = Self.picture("poster", drawn[shown])
    let thumbnail = Self.picture(Self.thumbnailKind, drawn[shown])
    let findings = times.indices.map { index in
      looked[index].map(ClipFindings.isProblem) == true
        ? Self.picture("finding", drawn[index]) : nil
    }
    if !(names + findings + [poster, thumbnail]).compactMap(\.self).allSatisfy(reuse) {
      try reader.frames(at: times, width: width, height: height) { index, frame in
        if let name = names[index] { try writePicture(frame, to: name) }
        guard index == shown || findings[index] != nil else { return }
        let picture = draw(looked[index], into: frame)
        let small = MaskDrawing.reduced(picture, toWidth: Self.thumbnailWidth)
        if let finding = findings[index] { try writePicture(small, to: finding) }
        guard index == shown else { return }
        try writePicture(picture, to: poster)
        try writePicture(small, to: thumbnail)
      }
    }
    // A damaged file may not give every picture.
    media.poster = isWritten(poster) ? poster : nil
    media.thumbnail = isWritten(thumbnail) ? thumbnail : nil
    media.keyFrames = chosen.indices.compactMap { index in
      guard let name = names[index], isWritten(name) else { return nil }
      return ClipMedia.KeyFrame(
        moment: chosen[index], file: name,
        finding: findings[index].flatMap { isWritten($0) ? $0 : nil }, width: width, height: height)
    }
  }

  private func draw(_ moment: ClipMoment?, into frame: RGBImage) -> RGBImage {
    var picture = frame
    if let mask = try? moment?.prediction?.mask.decoded() {
      MaskDrawing.draw(mask, into: &picture, colour: MaskDrawing.prediction, fills: true)
    }
    if let mask = try? moment?.truthMask?.decoded() {
      MaskDrawing.draw(mask, into: &picture, colour: MaskDrawing.truth, fills: false)
    }
    return picture
  }

  private func writePicture(_ picture: RGBImage, to name: String) throws {
    try SiteFile.writeWhole(try PagePicture.encode(picture), to: try folder.prepare(name))
  }

  /// What a picture with masks depends on, apart from the frame.
  private static func masks(_ moment: ClipMoment?) -> [String] {
    [
      "\(moment?.prediction?.mask.size ?? [])", moment?.prediction?.mask.counts ?? "",
      "\(moment?.truthMask?.size ?? [])", moment?.truthMask?.counts ?? "",
    ]
  }

  private static func picture(_ kind: String, _ inputs: [String]) -> String {
    let key = (["\(drawingVersion)", "\(thumbnailWidth)"] + inputs).joined(separator: "\n")
    return address(kind, ContentHash.sha256(of: Array(key.utf8)), PagePicture.ending)
  }

  /// An address within the site, in one of 256 folders: few tools like a million files in one.
  static func address(_ kind: String, _ digest: String, _ ending: String) -> String {
    let digest = PageAddress.safe(digest)
    return "media/\(digest.prefix(2))/\(kind)-\(digest)\(ending)"
  }

  private func isWritten(_ name: String) -> Bool { folder.has(name) }

  /// Takes a file over from the old site, when it is there.
  func reuse(_ name: String) -> Bool { folder.has(name) || folder.takeOver(name) }
}
