public import Annotations
import Foundation
import Media

/// One clip of a data set on disk: `annotation.json`, `masks/00000.png …`, `video.mp4`.
public struct ClipFolder: Hashable, Sendable {
  /// Where the folder is.
  public let path: String

  /// Names a folder; nothing is read yet.
  public init(path: String) { self.path = path }

  /// The folder's own name.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The clip's document.
  public var annotationPath: String { path + "/annotation.json" }

  /// The clip's video, whatever its container; nil when there is none.
  public var videoPath: String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().first { $0.hasPrefix("video.") }.map { path + "/" + $0 }
  }

  /// Reads the clip's ground truth, masks included.
  ///
  /// Without a `masks` folder the clip is scored by its sentences alone; with one, every annotated
  /// moment needs its file.
  ///
  /// - Returns: The truth; its masks are run lengths.
  /// - Throws: An error that names the file.
  public func truth() throws(EvaluationError) -> ClipTruth {
    try withMasks(annotation())
  }

  /// A document of the clip with the masks that stand beside it.
  func withMasks(_ document: ClipTruth) throws(EvaluationError) -> ClipTruth {
    var truth = document
    if truth.masks == nil { truth.masks = try masks(count: truth.frameTimes.count) }
    return truth
  }

  /// Reads the clip's document alone; its masks are not looked at.
  ///
  /// - Returns: The truth; it has no masks unless the document itself holds them.
  /// - Throws: An error that names the file.
  public func annotation() throws(EvaluationError) -> ClipTruth {
    do {
      return try AnnotationDocument.truth(
        from: DocumentFile.bytes(annotationPath, what: "the clip's annotation"),
        file: annotationPath)
    } catch let error as AnnotationError {
      throw .annotation(error)
    } catch {
      throw .missing(file: annotationPath, what: "the clip's annotation")
    }
  }

  /// The mask file of one annotated moment.
  ///
  /// - Parameter index: The moment's place in the list, from 0.
  /// - Returns: The file's path, whether or not it exists.
  public func maskPath(_ index: Int) -> String {
    let digits = String(index)
    let name = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    return "\(path)/masks/\(name).png"
  }

  /// Whether there is a folder of masks.
  var hasMasks: Bool { FileManager.default.fileExists(atPath: path + "/masks") }

  private func masks(count: Int) throws(EvaluationError) -> [RunLengthMask?]? {
    guard hasMasks else { return nil }
    var masks: [RunLengthMask?] = []
    for index in 0..<count {
      let mask = try Self.mask(maskPath(index))
      if let first = masks.first ?? nil, first.size != mask.size {
        throw .unequalMaskSize(
          file: maskPath(index), expected: "\(first.width)×\(first.height)",
          found: "\(mask.width)×\(mask.height)")
      }
      masks.append(mask)
    }
    return masks
  }

  static func mask(_ path: String) throws(EvaluationError) -> RunLengthMask {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .missing(file: path, what: "the mask of an annotated moment")
    }
    do {
      let image = try PNGCodec.decodeMask(path: path)
      return RunLengthMask(
        BinaryMask(width: image.width, height: image.height, pixels: image.pixels))
    } catch {
      throw .unreadable(file: path, reason: "\(error)")
    }
  }
}
