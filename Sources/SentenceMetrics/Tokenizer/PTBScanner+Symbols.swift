extension PTBScanner {
  /// Takes the punctuation or symbol at the position; a character that is neither is dropped.
  mutating func scanSymbol() {
    let value = text[position]
    if hasText("&nbsp;", at: position) {
      position += 6
    } else if let first = Self.quotes[value], let second = Self.quotes[at(position + 1)] {
      take(first + second, length: 2)
    } else if let length = smileyLength() {
      takeSmiley(length: length)
    } else if let end = faceEnd() {
      take(upTo: end)
    } else if PTBCharacter.isApostrophe(value) {
      takeApostrophe()
    } else if value == 0x22 {
      let opens = PTBCharacter.isASCIIAlphanumeric(at(position + 1)) || at(position + 1) == 0x24
      take(opens ? "``" : "''", length: 1)
    } else if let length = ellipsisLength() {
      take("...", length: length)
    } else if !takeRun() {
      takeSingle(value)
    }
  }

  private mutating func takeSingle(_ value: UInt32) {
    if let token = Self.rewritten[value] {
      take(token, length: 1)
    } else if let entity = entityEnd() {
      take(entity.token, length: entity.length)
    } else if PTBCharacter.isSymbol(value) {
      take(upTo: position + 1)
    } else {
      position += 1
    }
  }

  /// Repeated `?!`, `-`, `#`, `*`, `@` and `_` are one token.
  private mutating func takeRun() -> Bool {
    switch text[position] {
    case 0x3F, 0x21:
      var end = position
      while at(end) == 0x3F || at(end) == 0x21 { end += 1 }
      take(upTo: end)
    case 0x2D where at(position + 1) == 0x2D:
      let end = runEnd(of: 0x2D)
      if end - position < 5 { take("--", length: end - position) } else { take(upTo: end) }
    case let value where Self.runs.contains(value) && at(position + 1) == value:
      take(upTo: runEnd(of: value))
    case let value where (value == 0x3C || value == 0x3E) && at(position + 1) == value:
      take(upTo: position + 2)
    case 0x5C where at(position + 1) == 0x2A: take(upTo: position + 2)
    default: return false
    }
    return true
  }

  private func runEnd(of value: UInt32) -> Int {
    var end = position
    while at(end) == value { end += 1 }
    return end
  }

  /// `#`, `*`, `@`, `_`.
  private static let runs: Set<UInt32> = [0x23, 0x2A, 0x40, 0x5F]

  /// Three to five periods, or periods with single spaces between.
  private func ellipsisLength() -> Int? {
    guard text[position] == 0x2E else { return nil }
    var dots = 0
    while dots < 5, at(position + dots) == 0x2E { dots += 1 }
    if dots >= 3 { return dots }
    var end = position
    var spaced = 0
    while spaced < 4, at(end) == 0x2E, at(end + 1) == 0x20 {
      end += 2
      spaced += 1
    }
    return spaced >= 2 && at(end) == 0x2E ? end + 1 - position : nil
  }

  /// `:)`, `;-)`, `:D`.
  private func smileyLength() -> Int? {
    let eyes: [UInt32] = [0x3A, 0x3B, 0x3D]
    let start = [0x3C, 0x3E].contains(text[position]) ? position + 1 : position
    guard eyes.contains(at(start)) else { return nil }
    let noses: [UInt32] = [0x2D, 0x6F, 0x2A, 0x27]
    for mouth in [start + 2, start + 1]
    where Self.mouths.contains(at(mouth)) && (mouth == start + 1 || noses.contains(at(start + 1))) {
      return PTBCharacter.isAlphanumeric(at(mouth + 1)) ? nil : mouth + 1 - position
    }
    return nil
  }

  private mutating func takeSmiley(length: Int) {
    var token = ""
    for value in text[position..<(position + length)] {
      if value == 0x28 || value == 0x29, let bracket = Self.rewritten[value] {
        token += bracket
      } else if let scalar = Unicode.Scalar(value) {
        token.unicodeScalars.append(scalar)
      }
    }
    take(token.lowercased(), length: length)
  }

  /// `&amp;` and its kin.
  private func entityEnd() -> (token: String, length: Int)? {
    guard text[position] == 0x26 else { return nil }
    var end = position + 1
    if at(end) == 0x23 { end += 1 }
    while PTBCharacter.isASCIIAlphanumeric(at(end)) { end += 1 }
    guard at(end) == 0x3B else { return nil }
    let name = string((position + 1)..<end)
    let length = end + 1 - position
    if let token = Self.entities[name] ?? Self.foldedEntities[name.lowercased()] {
      return (token, length)
    }
    let isNumber = name.hasPrefix("#") && name.count > 1 && name.dropFirst().allSatisfy(\.isNumber)
    let isKept = isNumber || Self.keptEntities.contains(name.lowercased())
    return isKept ? ("&\(name.lowercased());", length) : nil
  }

  private static let entities = [
    "quot": "''", "apos": "'", "mdash": "--", "ndash": "--",
  ]

  private static let foldedEntities = ["amp": "&", "lt": "<", "gt": ">"]

  private static let keptEntities: Set<String> = [
    "quot", "apos", "ht", "tl", "ur", "lr", "qc", "ql", "qr", "odq", "cdq",
  ]

  /// `(`, `)`, `D`, `P`, `d`, `p`, `O`, `\`, `{`, `@`, `|`, `[`, `]`.
  private static let mouths: Set<UInt32> = [
    0x28, 0x29, 0x44, 0x50, 0x64, 0x70, 0x4F, 0x5C, 0x7B, 0x40, 0x7C, 0x5B, 0x5D,
  ]

  /// Quotation marks of which two in a row are one token.
  private static let quotes: [UInt32: String] = [
    0x60: "`", 0x2018: "`", 0x201B: "`", 0x2019: "'", 0x201C: "``", 0x201D: "''", 0xAB: "``",
    0xBB: "''", 0x2039: "`", 0x203A: "'",
  ]

  /// Characters that the Penn Treebank writes in another way.
  private static let rewritten: [UInt32: String] = [
    0x28: "-lrb-", 0x29: "-rrb-", 0x5B: "-lsb-", 0x5D: "-rsb-", 0x7B: "-lcb-", 0x7D: "-rcb-",
    0xA2: "cents", 0xA3: "#", 0xA4: "$", 0x20A0: "$", 0x20AC: "$", 0xAB: "``", 0xBB: "''",
    0xBC: "1/4", 0xBD: "1/2", 0xBE: "3/4", 0x2153: "1/3", 0x2154: "2/3", 0x2013: "--",
    0x2014: "--", 0x2015: "--", 0x2018: "`", 0x201B: "`", 0x201C: "``", 0x201D: "''",
    0x2026: "...", 0x2039: "`", 0x203A: "'", 0xAD: "-", 0x80: "$", 0x93: "``",
    0x94: "''", 0x96: "--", 0x97: "--",
  ]
}
