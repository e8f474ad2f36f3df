import Streaming

extension ClipScore {
  /// Reads a score that was stored as JSON: what `Decodable` reads, in a tenth of the time, because
  /// a site or a set has a hundred thousand of them.
  ///
  /// - Parameter document: The document.
  /// - Throws: ``EvaluationError/unreadable(file:reason:)``.
  public init(document: String) throws(EvaluationError) {
    var text = document
    let score = text.withUTF8 { bytes -> ClipScore? in
      var scanner = JSONScanner(UnsafeRawBufferPointer(bytes))
      guard let score = try? Self.read(&scanner), scanner.peek() == nil else { return nil }
      return score
    }
    guard let score else {
      throw .unreadable(file: "A stored score", reason: "“\(document.prefix(80))…” is no score")
    }
    self = score
  }

  private static func read(_ scanner: inout JSONScanner) throws -> ClipScore {
    var (clip, category): (String?, String?)
    var frames: [FrameScore]?
    var problems: [String] = []
    try scanner.members { scanner, name in
      switch name {
      case "clip": clip = try scanner.string()
      case "category": category = try scanner.optional { try $0.string() }
      case "frames": frames = try scanner.list { try FrameScore(&$0) }
      case "problems": problems = try scanner.optional { try $0.list { try $0.string() } } ?? []
      default: try scanner.skip()
      }
    }
    guard let clip, let frames else { throw JSONScanner.Malformed() }
    return ClipScore(clip: clip, category: category, frames: frames, problems: problems)
  }
}

extension FrameScore {
  /// Reads the score of a frame.
  fileprivate init(_ scanner: inout JSONScanner) throws {
    var time: Double?
    var (truthSounding, predictedSounding): (Bool?, Bool?)
    var references: [String]?
    var hypothesis: String?
    var score = FrameScore(
      time: 0, iou: nil, fScore: nil, truthSounding: false, predictedSounding: false,
      references: [], hypothesis: "")
    try scanner.members { scanner, name in
      switch name {
      case "time": time = try scanner.number()
      case "iou": score.iou = try scanner.optional { try $0.number() }
      case "fScore": score.fScore = try scanner.optional { try $0.number() }
      case "wholeFrameF": score.wholeFrameF = try scanner.optional { try $0.number() }
      case "region": score.region = try scanner.optional { try $0.number() }
      case "boundary": score.boundary = try scanner.optional { try $0.number() }
      case "truthSounding": truthSounding = try scanner.bool()
      case "truthAudible": score.truthAudible = try scanner.optional { try $0.bool() }
      case "predictedSounding": predictedSounding = try scanner.bool()
      case "references": references = try scanner.list { try $0.string() }
      case "hypothesis": hypothesis = try scanner.string()
      case "classes": score.classes = try scanner.optional { try $0.list { try ClassScore(&$0) } }
      default: try scanner.skip()
      }
    }
    guard let time, let truthSounding, let predictedSounding, let references, let hypothesis else {
      throw JSONScanner.Malformed()
    }
    score.time = time
    score.truthSounding = truthSounding
    score.predictedSounding = predictedSounding
    score.references = references
    score.hypothesis = hypothesis
    self = score
  }
}

extension ClassScore {
  /// Reads the score of a class.
  fileprivate init(_ scanner: inout JSONScanner) throws {
    var name: String?
    var (iou, fScore): (Double?, Double?)
    try scanner.members { scanner, member in
      switch member {
      case "name": name = try scanner.string()
      case "iou": iou = try scanner.number()
      case "fScore": fScore = try scanner.number()
      default: try scanner.skip()
      }
    }
    guard let name, let iou, let fScore else { throw JSONScanner.Malformed() }
    self.init(name: name, iou: iou, fScore: fScore)
  }
}

extension JSONScanner {
  /// Reads an array.
  fileprivate mutating func list<Element>(
    _ element: (inout JSONScanner) throws -> Element
  ) throws -> [Element] {
    var list: [Element] = []
    try elements { list.append(try element(&$0)) }
    return list
  }
}
