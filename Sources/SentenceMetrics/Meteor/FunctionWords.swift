/// English words that carry grammar rather than content; METEOR gives them less weight.
///
/// METEOR's own list is by frequency in its authors' corpora; this one is by word class, so scores
/// carry a name of their own.
enum FunctionWords {
  /// Articles, pronouns, prepositions, conjunctions, auxiliaries, and the tokenizer's clitics.
  static let english: Set<String> = Set(
    """
    a an the this that these those some any no every each either neither both all such
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs
    who whom whose which what
    of in on at by for with from to into onto upon over under above below between among through
    during before after behind beside near against about around across along without within toward
    towards off out up down as than
    and or but nor so yet if while because although though when where whether
    be am is are was were been being have has had having do does did doing
    will would shall should can could may might must
    not n 's s 't t 'm m 're re 've ve 'll ll 'd d there here
    , . ' : ; ! ? -
    """.split { $0 == " " || $0 == "\n" }.map(String.init))
}
