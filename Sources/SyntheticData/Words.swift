import Evaluation

/// The words of made-up sentences.
enum Words {
  static let categories = [
    "violin", "dog", "engine", "speech", "guitar", "drum", "bird", "piano", "rain", "siren", "cat",
    "trumpet", "cello", "keyboard", "helicopter", "horse", "waves", "flute", "accordion", "clock",
    "hammer", "sheep", "saxophone", "train", "baby", "banjo", "frog", "harp", "lawn mower",
    "xylophone",
  ]

  private static let kinds = [
    "small", "large", "red", "old", "young", "shiny", "distant", "wooden", "loud", "quiet", "brown",
    "second",
  ]
  private static let acts = ["sounds", "is heard", "is played", "moves", "is seen", "can be heard"]
  private static let places = [
    "on a stage", "in the street", "in a park", "near a window", "behind a fence", "in a kitchen",
    "on a hill", "by the river", "in a studio", "under a bridge", "in front of a crowd",
    "next to a car", "on a balcony", "in the rain", "at night", "in a church", "on the beach",
    "in a classroom", "beside a tree", "in the snow",
  ]

  /// One of some ten thousand sentences.
  static func sentence(about category: String, _ random: inout SplitMix64) -> String {
    let kind = kinds[random.index(below: kinds.count)]
    let act = acts[random.index(below: acts.count)]
    return "a \(kind) \(category) \(act) \(places[random.index(below: places.count)])"
  }
}
