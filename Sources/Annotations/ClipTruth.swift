/// What a person says of one clip: the content of `annotation.json`.
///
/// Unknown keys are ignored. The lists ``sounding``, ``captions``, ``audible`` and ``objects`` are
/// parallel to ``frameTimes``; masks are files beside the document, one a frame time.
///
/// Silence and sounds from outside of the picture look the same in ``sounding``, masks and captions:
/// nothing visible sounds. Only ``audible`` tells them apart.
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

  /// For each moment, whether anything is heard, visible or not; nil where nobody has noted it. A
  /// moment that is audible and does not ``sounding`` is one whose source is off screen.
  public var audible: [Bool]?

  /// For each moment, the mask of what sounds; nil where no mask is known. Not in the JSON of a
  /// clip folder, where masks are PNG files, but in the document that avu stores.
  public var masks: [RunLengthMask?]?

  /// For each moment, the sounding objects apart, for data sets that tell categories apart within a
  /// frame; nil for others.
  public var objects: [[TrueObject]]?

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
  ///   - audible: For each moment, whether anything is heard.
  ///   - masks: For each moment, the mask of what sounds.
  ///   - objects: For each moment, the sounding objects apart.
  ///   - notes: Free text.
  public init(
    id: ClipID, source: String? = nil, category: String? = nil, frameTimes: [Double],
    sounding: [Bool], captions: [[String]], audible: [Bool]? = nil, masks: [RunLengthMask?]? = nil,
    objects: [[TrueObject]]? = nil, notes: String? = nil
  ) {
    self.id = id
    self.source = source
    self.category = category
    self.frameTimes = frameTimes
    self.sounding = sounding
    self.captions = captions
    self.audible = audible
    self.masks = masks
    self.objects = objects
    self.notes = notes
  }

  private enum CodingKeys: String, CodingKey {
    case id, source, category, sounding, captions, audible, masks, objects, notes
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
    audible = try container.decodeIfPresent([Bool].self, forKey: .audible)
    masks = try container.decodeIfPresent([RunLengthMask?].self, forKey: .masks)
    objects = try container.decodeIfPresent([[TrueObject]].self, forKey: .objects)
    notes = try? container.decodeIfPresent(String.self, forKey: .notes)
  }

  /// Checks that the lists are parallel.
  ///
  /// - Parameter file: What errors name.
  /// - Throws: ``AnnotationError/unequalCounts(file:what:expected:found:)``.
  public func validate(file: String) throws(AnnotationError) {
    let lists: [(String, Int?)] = [
      ("sounding", sounding.count), ("captions", captions.count), ("audible", audible?.count),
      ("masks", masks?.count), ("objects", objects?.count),
    ]
    for case (let what, let found?) in lists where found != frameTimes.count {
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

/// One of the sounding objects of a moment, by the ground truth.
public struct TrueObject: Codable, Hashable, Sendable {
  /// What it is.
  public var category: String

  /// Where it is, at the frame's own size.
  public var mask: RunLengthMask

  /// Describes an object.
  public init(category: String, mask: RunLengthMask) {
    self.category = category
    self.mask = mask
  }
}
