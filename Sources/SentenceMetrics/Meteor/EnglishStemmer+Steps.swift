extension EnglishStemmer {
  /// Step 0.
  mutating func removePossessive() {
    if let suffix = longestSuffix(of: ["'", "'s", "'s'"]) { replace(suffix, with: "") }
  }

  /// Step 1a.
  mutating func removePlural() {
    switch longestSuffix(of: ["sses", "ied", "ies", "s", "us", "ss"]) {
    case "sses": replace("sses", with: "ss")
    case "ied": replace("ied", with: word.count > 4 ? "i" : "ie")
    case "ies": replace("ies", with: word.count > 4 ? "i" : "ie")
    case "s" where hasVowel(before: word.count - 2): replace("s", with: "")
    default: break
    }
  }

  /// Step 1b.
  mutating func removePastAndGerund() {
    let suffixes = ["eed", "eedly", "ed", "edly", "ing", "ingly"]
    guard let suffix = longestSuffix(of: suffixes) else { return }
    if suffix.hasPrefix("eed") {
      if start(of: suffix) >= region1 { replace(suffix, with: "ee") }
      return
    }
    guard hasVowel(before: start(of: suffix)) else { return }
    replace(suffix, with: "")
    restoreEnding()
  }

  /// Gives back an `e`, or takes away half of a double letter.
  private mutating func restoreEnding() {
    let doubles = ["bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"]
    if longestSuffix(of: ["at", "bl", "iz"]) != nil {
      replace("", with: "e")
    } else if longestSuffix(of: doubles) != nil {
      word.removeLast()
    } else if region1 >= word.count && isShortSyllable(before: word.count) {
      replace("", with: "e")
    }
  }

  /// Step 1c.
  mutating func replaceFinalY() {
    guard word.count > 2, let last = word.last, last | 0x20 == 0x79, !isVowel(word.count - 2)
    else { return }
    word[word.count - 1] = 0x69
  }

  /// Step 2.
  mutating func replaceDoubleSuffix() {
    guard let suffix = longestSuffix(of: Array(Self.doubleSuffixes.keys)),
      let ending = Self.doubleSuffixes[suffix], start(of: suffix) >= region1
    else { return }
    let before = start(of: suffix) > 0 ? word[start(of: suffix) - 1] : 0
    if suffix == "ogi" && before != 0x6C { return }
    if suffix == "li" && !"cdeghkmnrt".utf8.contains(where: { UInt32($0) == before }) { return }
    replace(suffix, with: ending)
  }

  /// Step 3.
  mutating func replaceLongSuffix() {
    guard let suffix = longestSuffix(of: Array(Self.longSuffixes.keys)),
      let ending = Self.longSuffixes[suffix], start(of: suffix) >= region1
    else { return }
    if suffix == "ative" && start(of: suffix) < region2 { return }
    replace(suffix, with: ending)
  }

  /// Step 4.
  mutating func removeResidualSuffix() {
    guard let suffix = longestSuffix(of: Self.residualSuffixes), start(of: suffix) >= region2
    else { return }
    let before = start(of: suffix) > 0 ? word[start(of: suffix) - 1] : 0
    if suffix == "ion" && before != 0x73 && before != 0x74 { return }
    replace(suffix, with: "")
  }

  /// Step 5.
  mutating func removeFinalLetter() {
    let place = word.count - 1
    guard place > 0 else { return }
    if word[place] == 0x65 {
      let isInRegion1 = place >= region1 && !isShortSyllable(before: place)
      if place >= region2 || isInRegion1 { word.removeLast() }
    } else if word[place] == 0x6C, place >= region2, word[place - 1] == 0x6C {
      word.removeLast()
    }
  }

  private static let doubleSuffixes = [
    "tional": "tion", "enci": "ence", "anci": "ance", "abli": "able", "entli": "ent",
    "izer": "ize", "ization": "ize", "ational": "ate", "ation": "ate", "ator": "ate",
    "alism": "al", "aliti": "al", "alli": "al", "fulness": "ful", "ousli": "ous",
    "ousness": "ous", "iveness": "ive", "iviti": "ive", "biliti": "ble", "bli": "ble",
    "ogi": "og", "fulli": "ful", "lessli": "less", "li": "",
  ]

  private static let longSuffixes = [
    "tional": "tion", "ational": "ate", "alize": "al", "icate": "ic", "iciti": "ic",
    "ical": "ic", "ful": "", "ness": "", "ative": "",
  ]

  private static let residualSuffixes = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ism", "ate",
    "iti", "ous", "ive", "ize", "ion",
  ]
}
