import Annotations
import Evaluation
import Media

/// Everything of a collection to take along, beside its page: the clips' records, and the figures of
/// every run.
final class CollectionDump {
  /// A clip on each line: what its own document has, masks in COCO's run lengths among it.
  static let records = "records.jsonl.gz"
  /// A clip of a run on each line, with all its figures.
  static let figures = "figures.csv.gz"
  /// The files with their sizes and checksums.
  static let list = "dump.json"

  /// A file of the dump.
  struct File: Encodable {
    let name: String
    let bytes: Int
    let sha256: String
    /// Lines, without a header.
    let lines: Int
  }

  private struct List: Encodable {
    let format = 1
    let files: [File]
  }

  private let folder: SiteFolder
  private let path: String
  private let stream: GzipStream
  private var clips = 0

  /// Begins the dump of a collection.
  ///
  /// - Parameters:
  ///   - path: The collection's folder, from the site's.
  ///   - folder: The new site.
  /// - Throws: ``SiteError`` when the file cannot be made.
  init(_ path: String, in folder: SiteFolder) throws(SiteError) {
    self.folder = folder
    self.path = path
    stream = try GzipStream("\(path)/\(Self.records)", in: folder)
  }

  /// Takes a clip's document in, as it lies in the site.
  func add(_ row: ClipRow) throws(SiteError) {
    let page = row.href.split(separator: "/").dropLast().joined(separator: "/")
    let document = try SiteFile.read(folder.newPath("\(path)/\(page)/\(ClipDownloads.record)"))
    // No text of JSON has a line break, so what is one is between values.
    let newline = UInt8(ascii: "\n")
    try stream.write(document.lazy.filter { $0 != newline })
    try stream.write([newline])
    clips += 1
  }

  /// Ends the dump.
  ///
  /// - Returns: What the collection's page offers.
  /// - Throws: ``SiteError``; an error of a file that cannot be read again.
  func finish(_ collection: CollectionSnapshot) throws -> [DownloadView] {
    try stream.finish()
    let scored = try writeFigures(collection.shownRuns)
    let files = try [(Self.records, clips), (Self.figures, scored)].map { name, lines in
      let file = folder.newPath("\(path)/\(name)")
      return File(
        name: name, bytes: try SiteFile.read(file).count,
        sha256: try ContentHash.sha256(ofFile: file), lines: lines)
    }
    try folder.write(try JSONText.document(List(files: files)), to: "\(path)/\(Self.list)")
    let sizes = files.map { "\(DisplayText.fixed(Double($0.bytes) / 1e6, 1)) MB" }
    return [
      DownloadView(
        label: "Records", href: Self.records,
        detail: "\(DisplayText.count(clips, "clip")), predictions, truth and scores, masks as COCO "
          + "run-length: JSON Lines, gzip, \(sizes[0])"),
      DownloadView(
        label: "Figures", href: Self.figures,
        detail: "each clip of each run: CSV, gzip, \(sizes[1])"),
      DownloadView(label: "Checksums", href: Self.list, detail: "SHA-256 of both: JSON"),
    ]
  }

  private func writeFigures(_ runs: [RunSnapshot]) throws -> Int {
    let file = try GzipStream("\(path)/\(Self.figures)", in: folder)
    let present = Set(runs.flatMap { $0.report.overall.values.keys })
    let names =
      MetricName.all.filter(present.contains)
      + present.filter { !MetricName.all.contains($0) }.sorted()
    try file.write(Self.line(["model", "weights", "clip"] + names + ["signature"]))
    var lines = 0
    for run in runs {
      let signature = FigureSignature(run.report.signature)?.text ?? ""
      for (clip, set) in run.report.byClip {
        let values = names.map { set.values[$0]?.value.finite.map { "\($0)" } ?? "" }
        try file.write(
          Self.line([run.model.name, run.model.sha256, clip] + values + [signature]))
        lines += 1
      }
    }
    try file.finish()
    return lines
  }

  /// A line of CSV (RFC 4180).
  static func line(_ cells: [String]) -> [UInt8] {
    let special: Set<UInt8> = Set("\",\r\n".utf8)
    let quoted = cells.map { cell in
      cell.utf8.contains(where: special.contains)
        ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }
    return Array((quoted.joined(separator: ",") + "\n").utf8)
  }
}
