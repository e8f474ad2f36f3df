/// What a model was trained for; it decides which blocks there are.
enum ModelTask: String, CaseIterable, Sendable {
  /// Masks and sentences.
  case understanding = "ssu"

  /// The same model with masks alone.
  case masksOnly = "ssu-s"

  /// The same model with sentences alone.
  case sentencesOnly = "ssu-d"

  /// The baseline for masks: queries made of sound, and nothing in which the streams meet.
  case maskBaseline = "sss"

  /// The baseline for sentences, in the same way.
  case sentenceBaseline = "avc"

  /// Whether there is a mask decoder.
  var hasMasks: Bool { self == .understanding || self == .masksOnly || self == .maskBaseline }

  /// Whether there is a description decoder.
  var hasSentences: Bool {
    self == .understanding || self == .sentencesOnly || self == .sentenceBaseline
  }

  /// Whether sound and picture ask each other (MMI).
  var streamsMeet: Bool { self != .maskBaseline && self != .sentenceBaseline }

  /// What comes out, for people.
  var summary: String {
    switch self {
    case .understanding: "masks and sentences"
    case .masksOnly: "masks"
    case .sentencesOnly: "sentences"
    case .maskBaseline: "masks, baseline"
    case .sentenceBaseline: "sentences, baseline"
    }
  }
}
