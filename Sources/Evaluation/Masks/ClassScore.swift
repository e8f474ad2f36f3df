import Annotations

/// How well one class of one frame is found, as AVSBench's semantic set has it.
///
/// Formulas: `_batch_miou_fscore` of AVSBench's `avss` scripts: IoU = TP/(union + 2.2·10⁻¹⁶), F with
/// β² = 0.3 and 0 where it is not defined. What no object covers is the class
/// ``ClassScore/background``.
public struct ClassScore: Codable, Hashable, Sendable {
  /// The name of what is no object.
  public static let background = "background"

  /// The class.
  public var name: String

  /// Intersection over union.
  public var iou: Double

  /// F-measure with β² = 0.3; 0 without a common pixel.
  public var fScore: Double

  /// Notes a class's figures.
  public init(name: String, iou: Double, fScore: Double) {
    self.name = name
    self.iou = iou
    self.fScore = fScore
  }

  /// The figures of the classes that the truth or the prediction has.
  ///
  /// A prediction that does not tell objects apart counts as one object of its category.
  ///
  /// - Parameters:
  ///   - prediction: The predicted frame.
  ///   - truth: The true objects of the moment.
  /// - Returns: The classes by name.
  /// - Throws: `AnnotationError` when a mask cannot be decoded.
  static func scores(
    of prediction: Prediction.Frame, against truth: [TrueObject]
  ) throws(AnnotationError) -> [ClassScore] {
    // Without a true object the prediction's own size will do.
    let (height, width) =
      truth.first.map { ($0.mask.height, $0.mask.width) }
      ?? (prediction.mask.height, prediction.mask.width)
    var real = LabelledPixels(width: width, height: height)
    for object in truth { real.add(object.category, try object.mask.decoded()) }
    var predicted = LabelledPixels(width: width, height: height)
    for object in prediction.objects { predicted.add(object.category, try object.mask.decoded()) }
    if prediction.objects.isEmpty, let category = prediction.category {
      predicted.add(category, try prediction.mask.decoded())
    }
    let names = Set(real.names).union(predicted.names).sorted()
    return names.compactMap { score($0, predicted.pixels(of: $0), real.pixels(of: $0)) }
  }

  /// The figures of one class; nil where neither side has a pixel of it.
  private static func score(_ name: String, _ predicted: [Bool], _ real: [Bool]) -> ClassScore? {
    var (both, own, other) = (0.0, 0.0, 0.0)
    for (first, second) in zip(predicted, real) {
      if first { own += 1 }
      if second { other += 1 }
      if first && second { both += 1 }
    }
    if own + other == 0 { return nil }
    let precision = own > 0 ? both / own : 0
    let recall = other > 0 ? both / other : 0
    let f = both > 0 ? 1.3 * precision * recall / (0.3 * precision + recall) : 0
    return ClassScore(
      name: name, iou: both / (own + other - both + 2.220446049250313e-16), fScore: f)
  }
}

/// The pixels of a frame by class.
private struct LabelledPixels {
  let width: Int
  let height: Int
  private var classes: [String: [Bool]] = [:]
  private var covered: [Bool]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    covered = [Bool](repeating: false, count: width * height)
  }

  var names: [String] { classes.keys + [ClassScore.background] }

  mutating func add(_ name: String, _ mask: BinaryMask) {
    let mask = mask.resized(toWidth: width, height: height)
    var pixels = classes[name] ?? [Bool](repeating: false, count: covered.count)
    for (place, value) in mask.pixels.enumerated() where value == 1 {
      pixels[place] = true
      covered[place] = true
    }
    classes[name] = pixels
  }

  func pixels(of name: String) -> [Bool] {
    if name == ClassScore.background, classes[name] == nil { return covered.map { !$0 } }
    return classes[name] ?? [Bool](repeating: false, count: covered.count)
  }
}
