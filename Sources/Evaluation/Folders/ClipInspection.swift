import Annotations
import Foundation
import Media

/// Looks for everything that is wrong with one clip folder, where reading it stops at the first
/// thing.
struct ClipInspection {
  /// What is wrong, a sentence each.
  private(set) var problems: [String] = []

  private let clip: ClipFolder
  private let truth: ClipTruth

  /// Inspects a clip: its video, its times, its masks, and whether they agree.
  ///
  /// - Parameters:
  ///   - clip: The clip's folder.
  ///   - truth: Its document.
  ///   - maskSize: Width and height of all masks, where the data set has a size of its own.
  ///   - needsVideo: Whether a clip without a video is a problem.
  init(of clip: ClipFolder, truth: ClipTruth, maskSize: [Int]? = nil, needsVideo: Bool = true) {
    self.clip = clip
    self.truth = truth
    let video = needsVideo || clip.videoPath != nil ? openVideo() : nil
    if truth.masks == nil, clip.hasMasks {
      let own = maskSize.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
      inspectMasks(size: own ?? video.map { ($0.width, $0.height) })
    }
    inspectSentences()
    inspectAudible()
    inspectObjects()
  }

  /// What sounds visibly is heard, too.
  private mutating func inspectAudible() {
    for (index, isAudible) in (truth.audible ?? []).enumerated()
    where !isAudible && truth.sounding[index] {
      problems.append(
        "\(clip.annotationPath) says that something visible sounds at \(truth.frameTimes[index]) s, "
          + "where nothing is audible.")
    }
  }

  /// Checks that the objects' masks can be decoded.
  private mutating func inspectObjects() {
    for (index, objects) in (truth.objects ?? []).enumerated() {
      for object in objects {
        do {
          _ = try object.mask.decoded()
        } catch {
          problems.append(
            "\(clip.annotationPath), “\(object.category)” at \(truth.frameTimes[index]) s: \(error)"
          )
        }
      }
    }
  }

  /// Checks the video and that every annotated moment lies within it.
  private mutating func openVideo() -> VideoStream? {
    guard let path = clip.videoPath else {
      problems.append("\(clip.path) has no video; name its file video.mp4, video.webm or the like.")
      return nil
    }
    do {
      let info = try MediaReader(path: path).info
      for time in truth.frameTimes where time > info.duration {
        problems.append(
          "\(clip.annotationPath): the moment \(time) s is after the end of the video, which is "
            + "\(Self.rounded(info.duration)) s long.")
      }
      if info.video == nil { problems.append("\(path) has no picture.") }
      return info.video
    } catch {
      problems.append("\(error)")
      return nil
    }
  }

  /// Checks that each moment has a mask of the right size and that no file is left over.
  private mutating func inspectMasks(size: (width: Int, height: Int)?) {
    var size = size
    for index in truth.frameTimes.indices {
      let file = clip.maskPath(index)
      do {
        let mask = try ClipFolder.mask(file)
        let expected = size ?? (mask.width, mask.height)
        size = expected
        if (mask.width, mask.height) != expected {
          problems.append(
            "\(file) is \(mask.width)×\(mask.height) pixels where "
              + "\(expected.width)×\(expected.height) are needed.")
        }
        inspect(try mask.decoded(), at: index, file: file)
      } catch {
        problems.append("\(error)")
      }
    }
    inspectLeftovers()
  }

  /// Checks that a mask and the yes or no of its moment say the same.
  private mutating func inspect(_ mask: BinaryMask, at index: Int, file: String) {
    guard index < truth.sounding.count, mask.isEmpty == truth.sounding[index] else { return }
    let time = truth.frameTimes[index]
    problems.append(
      mask.isEmpty
        ? "\(file) is empty although something sounds at \(time) s."
        : "\(file) marks something although nothing sounds at \(time) s.")
  }

  private mutating func inspectLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: clip.path + "/masks")) ?? []
    let known = Set(
      truth.frameTimes.indices.map { (clip.maskPath($0) as NSString).lastPathComponent })
    for name in names.sorted() where name.hasSuffix(".png") && !known.contains(name) {
      problems.append(
        "\(clip.path)/masks/\(name) belongs to none of the \(truth.frameTimes.count) annotated "
          + "moments.")
    }
  }

  private mutating func inspectSentences() {
    for (index, sentences) in truth.captions.enumerated()
    where !sentences.isEmpty && !truth.sounding[index] {
      problems.append(
        "\(clip.annotationPath) has a sentence at \(truth.frameTimes[index]) s, where nothing "
          + "sounds.")
    }
    if truth.masks == nil, !clip.hasMasks, truth.captions.allSatisfy(\.isEmpty) {
      problems.append("\(clip.path) has neither masks nor sentences, so nothing can be scored.")
    }
  }

  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}
