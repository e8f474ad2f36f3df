import Annotations
import Foundation
import Media

/// Writes and reads the files of data sets, with errors that name them.
enum DatasetFiles {
  /// Writes a file and the folders above it.
  static func write(_ data: Data, to file: String) throws(DatasetError) {
    let url = URL(fileURLWithPath: file)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url, options: .atomic)
    } catch {
      throw .unwritable(file: file, reason: FileReason(error))
    }
  }

  /// Writes a JSON document.
  static func write(json document: some Encodable, to file: String) throws(DatasetError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try write(try encoder.encode(document) + Data("\n".utf8), to: file)
    } catch let error as DatasetError {
      throw error
    } catch {
      throw .unwritable(file: file, reason: FileReason(error))
    }
  }

  /// Writes a mask as PNG.
  static func write(_ mask: BinaryMask, to file: String) throws(DatasetError) {
    do {
      let png = try PNGCodec.encodeMask(
        width: mask.width, height: mask.height, pixels: mask.pixels)
      try write(Data(png), to: file)
    } catch let error as DatasetError {
      throw error
    } catch {
      throw .unwritable(file: file, reason: FileReason(error))
    }
  }

  /// Reads a mask.
  static func mask(_ file: String) throws(DatasetError) -> BinaryMask {
    guard FileManager.default.fileExists(atPath: file) else {
      throw .missing(file: file, what: "a mask")
    }
    do {
      let image = try PNGCodec.decodeMask(path: file)
      return BinaryMask(width: image.width, height: image.height, pixels: image.pixels)
    } catch {
      throw .unreadable(file: file, reason: "\(error)")
    }
  }

  /// Reads a colour picture.
  static func picture(_ file: String) throws(DatasetError) -> RGBImage {
    guard FileManager.default.fileExists(atPath: file) else {
      throw .missing(file: file, what: "a picture")
    }
    do {
      return try PNGCodec.decodeRGB(path: file)
    } catch {
      throw .unreadable(file: file, reason: "\(error)")
    }
  }

  /// Gives a file a second place: as another name of the same file where that is possible.
  static func place(_ file: String, at copy: String) throws(DatasetError) {
    let files = FileManager.default
    let source = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
    do {
      try files.createDirectory(
        atPath: (copy as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      if files.fileExists(atPath: copy) { try files.removeItem(atPath: copy) }
      if (try? files.linkItem(atPath: source, toPath: copy)) == nil {
        try files.copyItem(atPath: source, toPath: copy)
      }
    } catch {
      throw .unwritable(file: copy, reason: FileReason(error))
    }
  }

  /// The rows of a comma-separated file; quotes may stand around a field, and commas in them.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - withHeader: Whether the first row is wanted, which names the columns.
  /// - Returns: The fields of each row.
  /// - Throws: ``DatasetError/missing(file:what:)``.
  static func rows(
    _ file: String, withHeader: Bool = false
  ) throws(DatasetError) -> [[String]] {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .missing(file: file, what: "the data set's list of clips")
    }
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
      .dropFirst(withHeader ? 0 : 1).map(fields)
  }

  private static func fields(_ line: Substring) -> [String] {
    var isQuoted = false
    return line.split(omittingEmptySubsequences: false) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted
    }.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"\t")) }
  }
}
