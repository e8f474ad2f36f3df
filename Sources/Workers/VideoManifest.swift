import Annotations
import Foundation
import Media
import SwiftCSV

/// A list of videos with their ids: JSON Lines (`{"video": "a.mp4", "id": "first"}`) or CSV with a
/// header line and the same columns, in any case, divided by commas or semicolons.
///
/// `video` is a path, from the manifest's folder unless it is absolute, or an `http(s)` address;
/// `path` and `url` mean the same. `id` may be left out. Other keys and columns are ignored.
struct VideoManifest {
  /// One video of the list.
  struct Entry {
    /// The file.
    let location: MediaLocation

    /// The id, if the list gives one.
    let clip: ClipID?
  }

  /// The videos, in order.
  private(set) var entries: [Entry] = []

  /// Rows that are left out, and why.
  private(set) var problems: [WorkerError] = []

  private let path: [UInt8]

  /// Whether a file is a manifest, by its name.
  static func isManifest(_ path: [UInt8]) -> Bool {
    [".jsonl", ".csv"].contains { path.reversed().starts(with: $0.utf8.reversed()) }
  }

  /// Reads a manifest.
  ///
  /// - Parameter path: The absolute path of the file.
  /// - Throws: ``WorkerError/unreadable(path:reason:)`` or ``WorkerError/badManifest(path:reason:)``.
  init(path: [UInt8]) throws {
    self.path = path
    let location = MediaLocation(path: path)
    let data = try location.withOpenPath { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw WorkerError.badManifest(path: location.shown, reason: "it is no UTF-8 text")
    }
    if Self.isCSV(path) { try readCSV(text) } else { readLines(text) }
  }

  private static func isCSV(_ path: [UInt8]) -> Bool { path.last == UInt8(ascii: "v") }

  private mutating func readLines(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      do {
        let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
        add(row.video ?? row.path ?? row.url, id: row.id, line: index + 1)
      } catch {
        leaveOut(line: index + 1, "it is no JSON object with text in “video” and “id”")
      }
    }
  }

  private mutating func readCSV(_ text: String) throws {
    let table: CSV<Named>
    do {
      // SwiftCSV splits lines at any of Unicode's line breaks but does not skip a byte order mark.
      let content = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
      // Programs of countries with decimal commas write lists with semicolons.
      let header = content.prefix { !$0.isNewline }
      let isPlain = header.contains(",") || !header.contains(";")
      table = try CSV<Named>(
        string: content, delimiter: isPlain ? .comma : .semicolon, loadColumns: false)
    } catch {
      throw WorkerError.badManifest(path: MediaLocation(path: path).shown, reason: "\(error)")
    }
    func column(_ name: String) -> String? {
      table.header.first { $0.trimmingCharacters(in: .whitespaces).lowercased() == name }
    }
    guard let video = ["video", "path", "url"].lazy.compactMap(column).first else {
      throw WorkerError.badManifest(
        path: MediaLocation(path: path).shown, reason: "its first line names no column “video”")
    }
    for (index, row) in table.rows.enumerated() {
      let id = column("id").flatMap { row[$0] }.flatMap { $0.isEmpty ? nil : $0 }
      add(row[video], id: id, line: index + 2)
    }
  }

  private mutating func add(_ video: String?, id: String?, line: Int) {
    guard let video, !video.isEmpty else { return leaveOut(line: line, "it names no video") }
    guard !video.utf8.contains(0) else {
      return leaveOut(line: line, "the name of its video has a null character")
    }
    do {
      let clip = try id.map { text throws(AnnotationError) in try ClipID(text) }
      entries.append(Entry(location: location(of: video), clip: clip))
    } catch {
      leaveOut(line: line, "\(error)")
    }
  }

  private func location(of video: String) -> MediaLocation {
    if let address = WebAddress(video) { return .web(address) }
    let folder = path.prefix(through: path.lastIndex(of: UInt8(ascii: "/")) ?? 0)
    let bytes = Array(video.utf8)
    return .file(path: bytes.first == UInt8(ascii: "/") ? bytes : folder + bytes)
  }

  private mutating func leaveOut(line: Int, _ reason: String) {
    problems.append(
      .badManifestLine(path: MediaLocation(path: path).shown, line: line, reason: reason))
  }

  private struct Row: Decodable {
    let video: String?
    let path: String?
    let url: String?
    let id: String?
  }
}
