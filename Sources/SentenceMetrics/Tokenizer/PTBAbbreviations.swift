/// Words that keep the period behind them.
enum PTBAbbreviations {
  /// How a period behind a word is read.
  enum Kind {
    /// Kept, and never the end of a sentence (`Mr.`).
    case title

    /// Kept; doubled when a sentence may end there (`etc.`).
    case general
  }

  /// What a word followed by a period is, or nil for a word that ends its sentence.
  static func kind(of word: String) -> Kind? {
    let folded = word.lowercased()
    if titles.contains(folded) { return .title }
    if general.contains(folded) { return .general }
    if generalIfCapitalized.contains(folded), word.first?.isUppercase == true { return .general }
    return nil
  }

  /// Words that, capitalised behind an acronym's period, show that a sentence ended, as do `Mr.` and
  /// `Ms.`
  static let sentenceStarters: Set<String> = words(
    """
        a about according additionally after an as at but earlier he her here however if in it
    last many more now once one other our she since so some such that the their then
    there these     they this we what when while yet you
    """)

  /// Whether a word followed by a period may be an abbreviation.
  static func mayKeepPeriod(_ word: String) -> Bool {
    kind(of: word) != nil || beforeNumbers.contains(word.lowercased())
  }

  /// Words that keep their period only before a number.
  static let beforeNumbers: Set<String> = words("no nos fig figs ca pp op prop art")

  private static let titles: Set<String> = words(
    """
    mr mrs ms dr drs prof profs sen sens rep reps atty attys lt col gen messrs gov govs adm rev maj
    sgt cpl pvt capt st ste ave pres lieut hon brig cmdr comdr pfc spc supt supts det dept mt ft vs
    cf mfg mme mlle
    """)

  private static let general: Set<String> = words(
    """
    jr sr bros blvd rd esq sq ct inc co cos corp pty ltd plc bancorp bhd assn univ intl sys bldg est tel
    ext jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri etc al seq
    ariz calif fla va minn mich ala colo conn kan kans ky md mo mont neb nev okla penn tenn vt wis
    wisc wyo ph.d ed.d
    """)

  /// Also ordinary words unless capitalised.
  private static let generalIfCapitalized: Set<String> = words(
    "miss mass wash tex ark del ill ore pa")

  private static func words(_ text: String) -> Set<String> {
    Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
  }
}
