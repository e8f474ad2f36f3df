import Annotations

/// COCO's list of pictures with their masks (`instances.json`) or sentences (`captions.json`).
///
/// A picture is an annotated moment of a clip; its number is what results refer to.
struct COCODocument: Codable, Hashable {
  struct Image: Codable, Hashable {
    let id: Int
    let width: Int
    let height: Int
    /// `<clip-id>/<moment>`, as masks of clip folders are numbered.
    let fileName: String
    let clip: String
    let frame: Int
    let time: Double

    enum CodingKeys: String, CodingKey {
      case id, width, height, clip, frame, time
      case fileName = "file_name"
    }
  }

  struct Category: Codable, Hashable {
    let id: Int
    let name: String
  }

  struct Annotation: Codable, Hashable {
    let id: Int
    let imageID: Int
    var categoryID: Int?
    var segmentation: RunLengthMask?
    var area: Int?
    /// Left, top, width, height.
    var bbox: [Int]?
    var iscrowd: Int?
    var caption: String?

    enum CodingKeys: String, CodingKey {
      case id, segmentation, area, bbox, iscrowd, caption
      case imageID = "image_id"
      case categoryID = "category_id"
    }
  }

  var images: [Image] = []
  var annotations: [Annotation] = []
  var categories: [Category] = []
}

/// One of COCO's results: an object's mask, or a sentence.
struct COCOResult: Codable, Hashable {
  let imageID: Int
  var categoryID: Int?
  var segmentation: COCOMask?
  var score: Double?
  var caption: String?

  enum CodingKeys: String, CodingKey {
    case segmentation, score, caption
    case imageID = "image_id"
    case categoryID = "category_id"
  }
}

/// A mask as results have it: run lengths as compressed text or as a list of numbers.
struct COCOMask: Codable, Hashable {
  let mask: RunLengthMask

  init(_ mask: RunLengthMask) { self.mask = mask }

  private enum CodingKeys: String, CodingKey { case size, counts }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let size = try container.decode([Int].self, forKey: .size)
    if let runs = try? container.decode([Int].self, forKey: .counts) {
      guard size.count == 2, size.allSatisfy({ (1..<65_536).contains($0) }),
        runs.allSatisfy({ (0...size[0] * size[1]).contains($0) }),
        runs.reduce(0, +) == size[0] * size[1]
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .counts, in: container, debugDescription: "runs and size differ")
      }
      mask = RunLengthMask(Self.expanded(runs, height: size[0], width: size[1]))
    } else {
      mask = try RunLengthMask(from: decoder)
    }
  }

  func encode(to encoder: any Encoder) throws { try mask.encode(to: encoder) }

  /// Runs go down the columns, first the zeros.
  private static func expanded(_ runs: [Int], height: Int, width: Int) -> BinaryMask {
    var pixels = [UInt8](repeating: 0, count: height * width)
    var place = 0
    for (index, run) in runs.enumerated() {
      if index % 2 == 1 {
        for position in place..<place + run {
          pixels[position % height * width + position / height] = 1
        }
      }
      place += run
    }
    return BinaryMask(width: width, height: height, pixels: pixels)
  }
}

extension BinaryMask {
  /// Left, top, width and height of the smallest box around the mask; zeros for an empty one.
  var box: [Int] {
    var (left, top, right, bottom) = (width, height, -1, -1)
    for y in 0..<height {
      for x in 0..<width where self[x, y] {
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = max(bottom, y)
      }
    }
    return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1]
  }
}
