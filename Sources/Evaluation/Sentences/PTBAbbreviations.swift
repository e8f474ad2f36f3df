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
    if general.contains(folded) || generalAsWritten.contains(word) { return .general }
    return nil
  }

  /// Words that, capitalised behind an acronym's period, show that a sentence ended.
  static let sentenceStarters: Set<String> = words(
    """
    A About According Additionally After An As At But Earlier He Her Here However If In It Last
    Many More Mr Ms Now Once One Other Our She Since So Some Such That The Their Then There These
    They This We What When While Yet You
    """)

  private static let titles: Set<String> = words(
    """
    mr mrs ms dr drs prof profs sen sens rep reps atty attys lt col gen messrs gov govs adm rev maj
    sgt cpl pvt capt st ste ave pres lieut hon brig cmdr comdr pfc spc supt supts det dept mt ft vs
    cf mfg mme mlle
    """)

  private static let general: Set<String> = words(
    """
    jr sr bros blvd rd esq inc co cos corp pty ltd plc bancorp bhd assn univ intl sys bldg est tel
    ext jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri etc al seq
    ariz calif fla va minn mich ala colo conn kan kans ky md mo mont neb nev okla penn tenn vt wis
    wisc wyo ph.d ed.d
    """)

  /// Also ordinary words unless capitalised.
  private static let generalAsWritten: Set<String> = words("Miss Mass Wash Tex Ark Del Ill Ore Pa")

  private static func words(_ text: String) -> Set<String> {
    Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
  }
}
