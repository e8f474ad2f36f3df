/// What a person says of one clip: the content of `annotation.json`.
///
/// Unknown keys are ignored. The lists ``sounding`` and ``captions`` are parallel to
/// ``frameTimes``; masks are files beside the document, one a frame time.
public struct ClipTruth: Codable, Hashable, Sendable {
  /// The clip's id.
  public var id: ClipID

  /// Where the clip is from.
  public var source: String?

  /// The clip's category, for example `playing the violin`.
  public var category: String?

  /// The annotated moments, in seconds from the start of the clip.
  public var frameTimes: [Double]

  /// For each moment, whether something visible sounds.
  public var sounding: [Bool]

  /// For each moment, the reference sentences; an empty list when nothing sounds.
  public var captions: [[String]]

  /// For each moment, the mask of what sounds; nil where no mask is known. Not in the JSON of a
  /// clip folder, where masks are PNG files, but in the document that avu stores.
  public var masks: [RunLengthMask?]?

  /// Free text about the clip.
  public var notes: String?

  /// Puts ground truth together.
  ///
  /// - Parameters:
  ///   - id: The clip's id.
  ///   - source: Where the clip is from.
  ///   - category: The clip's category.
  ///   - frameTimes: The annotated moments, in seconds.
  ///   - sounding: For each moment, whether something visible sounds.
  ///   - captions: For each moment, the reference sentences.
  ///   - masks: For each moment, the mask of what sounds.
  ///   - notes: Free text.
  public init(
    id: ClipID, source: String? = nil, category: String? = nil, frameTimes: [Double],
    sounding: [Bool], captions: [[String]], masks: [RunLengthMask?]? = nil, notes: String? = nil
  ) {
    self.id = id
    self.source = source
    self.category = category
    self.frameTimes = frameTimes
    self.sounding = sounding
    self.captions = captions
    self.masks = masks
    self.notes = notes
  }

  private enum CodingKeys: String, CodingKey {
    case id, source, category, sounding, captions, masks, notes
    case frameTimes = "frame_times"
  }

  /// Reads a document; a caption may be one sentence, a list of references, or null, and the list
  /// of captions may be absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(ClipID.self, forKey: .id)
    source = try? container.decodeIfPresent(String.self, forKey: .source)
    category = try container.decodeIfPresent(String.self, forKey: .category)
    frameTimes = try container.decode([Double].self, forKey: .frameTimes)
    sounding = try container.decode([Bool].self, forKey: .sounding)
    captions =
      try container.decodeIfPresent([References].self, forKey: .captions)?.map(\.sentences)
      ?? [[String]](repeating: [], count: frameTimes.count)
    masks = try container.decodeIfPresent([RunLengthMask?].self, forKey: .masks)
    notes = try? container.decodeIfPresent(String.self, forKey: .notes)
  }

  /// Checks that the lists are parallel.
  ///
  /// - Parameter file: What errors name.
  /// - Throws: ``AnnotationError/unequalCounts(file:what:expected:found:)``.
  public func validate(file: String) throws(AnnotationError) {
    let lists = [("sounding", sounding.count), ("captions", captions.count)]
    for (what, found) in lists + (masks.map { [("masks", $0.count)] } ?? [])
    where found != frameTimes.count {
      throw .unequalCounts(file: file, what: what, expected: frameTimes.count, found: found)
    }
  }

  /// A caption as files have it: a sentence, several, or null.
  private struct References: Decodable {
    let sentences: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let all: [String]
      if container.decodeNil() {
        all = []
      } else if let one = try? container.decode(String.self) {
        all = [one]
      } else {
        all = try container.decode([String].self)
      }
      sentences = all.filter { !$0.allSatisfy(\.isWhitespace) }
    }
  }
}
