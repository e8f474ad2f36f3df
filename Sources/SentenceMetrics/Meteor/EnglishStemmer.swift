/// The English (“Porter 2”) stemmer of the Snowball project, in the version of METEOR's time.
///
/// Source of the rules: “The English (Porter2) stemming algorithm”, snowballstem.org.
struct EnglishStemmer {
  var word: [UInt32]

  /// Where the region behind the first vowel–consonant pair begins, and the second such region.
  var region1 = 0
  var region2 = 0

  /// The stem of a lower-case word.
  static func stem(_ word: String) -> String {
    var scalars = word.unicodeScalars.map(\.value)
    guard scalars.count > 2 else { return word }
    if let special = exceptions[word] { return special }
    if scalars.first == 0x27 { scalars.removeFirst() }
    var stemmer = EnglishStemmer(word: scalars)
    stemmer.run()
    var result = String.UnicodeScalarView()
    for value in stemmer.word {
      if let scalar = Unicode.Scalar(value == 0x59 ? 0x79 : value) { result.append(scalar) }
    }
    return String(result)
  }

  private init(word: [UInt32]) { self.word = word }

  private mutating func run() {
    markConsonantY()
    markRegions()
    removePossessive()
    removePlural()
    if Self.finished.contains(text) { return }
    removePastAndGerund()
    replaceFinalY()
    replaceDoubleSuffix()
    replaceLongSuffix()
    removeResidualSuffix()
    removeFinalLetter()
  }

  private var text: String {
    String(String.UnicodeScalarView(word.compactMap(Unicode.Scalar.init)))
  }

  /// A `y` that begins the word or follows a vowel counts as a consonant, written `Y`.
  private mutating func markConsonantY() {
    for index in word.indices where word[index] == 0x79 {
      if index == 0 || isVowel(index - 1) { word[index] = 0x59 }
    }
  }

  private mutating func markRegions() {
    let prefixes = ["gener", "commun", "arsen"]
    if let prefix = prefixes.first(where: { text.hasPrefix($0) }) {
      region1 = prefix.count
    } else {
      region1 = regionStart(from: 0)
    }
    region2 = regionStart(from: region1)
  }

  private func regionStart(from start: Int) -> Int {
    var index = start
    while index < word.count, !isVowel(index) { index += 1 }
    while index < word.count, isVowel(index) { index += 1 }
    return min(index + 1, word.count)
  }

  func isVowel(_ index: Int) -> Bool {
    switch word[index] {
    case 0x61, 0x65, 0x69, 0x6F, 0x75, 0x79: true
    default: false
    }
  }

  func hasSuffix(_ suffix: String) -> Bool {
    word.count >= suffix.utf8.count
      && zip(word.suffix(suffix.utf8.count), suffix.utf8).allSatisfy { $0 == UInt32($1) }
  }

  /// The longest of several suffixes that the word has.
  func longestSuffix(of suffixes: [String]) -> String? {
    suffixes.filter(hasSuffix).max { $0.utf8.count < $1.utf8.count }
  }

  /// Where a suffix that the word has begins.
  func start(of suffix: String) -> Int { word.count - suffix.utf8.count }

  mutating func replace(_ suffix: String, with ending: String) {
    word.removeLast(suffix.utf8.count)
    word.append(contentsOf: ending.utf8.map(UInt32.init))
  }

  func hasVowel(before end: Int) -> Bool { (0..<max(0, end)).contains(where: isVowel) }

  /// Whether the letters before `end` close with a short syllable.
  func isShortSyllable(before end: Int) -> Bool {
    if end == 2 { return isVowel(0) && !isVowel(1) }
    guard end > 2, !isVowel(end - 3), isVowel(end - 2), !isVowel(end - 1) else { return false }
    return ![0x77, 0x78, 0x59].contains(word[end - 1])
  }

  /// Words with stems of their own.
  private static let exceptions = [
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl",
    "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
    "sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas", "cosmos": "cosmos",
    "bias": "bias", "andes": "andes",
  ]

  /// Words that stay as they are once a plural ending is gone.
  private static let finished: Set<String> = [
    "inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed",
  ]
}
