/// What every page has around its content.
struct PageFrame: Encodable {
  /// A step of the way from the first page to this one; the last has no address.
  struct Crumb: Encodable {
    let label: String
    let href: String?
  }

  let title: String
  /// From the page's folder to the site's, empty or ending in `/`.
  let root: String
  let stylesheet: String
  let script: String
  let siteTitle: String
  let software: String
  /// When the snapshot was taken; nil on pages that outlive it.
  let generated: MomentView?
  let crumbs: [Crumb]
  /// The page's JSON twin.
  let twin: String
  /// From where else than the site the page may play a video, when the reader asks for it.
  var mediaSource: String?
}

/// A figure with its name and what it rests on.
struct TileView: Encodable {
  let label: String
  let value: String
  let detail: String?
  /// A drawing of the figure within its interval.
  var chart: String?
  /// Among which figures of other clips, by their name in the index, a script ranks it, and what it
  /// is in thousandths; nil where none does.
  var ranking: String?
  var thousandths: Int?
  /// Whether it is the first of another kind, which a row begins with where there are several rows.
  var startsRow: Bool?
  /// Where the page of methods says what it is; nil where it does not.
  var meaning: String?
}

/// A name and a value.
struct FactView: Encodable {
  let label: String
  let value: String
  /// The moment that the value is.
  var moment: MomentView?

  init(label: String, value: String) {
    self.label = label
    self.value = value
  }

  init(label: String, moment: MomentView) {
    self.label = label
    value = moment.text
    self.moment = moment
  }
}

/// A file to take along.
struct DownloadView: Encodable {
  let label: String
  let href: String
  let detail: String
}
