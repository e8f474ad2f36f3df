import Foundation

extension MetricReport {
  /// Reads a metrics JSON as `avu evaluate --output` writes it, clip by clip, so that a report of many
  /// clips is never in memory as a whole; other JSON of the same content is read, too.
  ///
  /// - Parameter file: The file.
  /// - Throws: An error that names the file.
  public init(contentsOf file: String) throws(EvaluationError) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
    else { throw .missing(file: file, what: "a report of avu evaluate or avu metrics captions") }
    do {
      self = try Self.byLine(data) ?? JSONDecoder().decode(MetricReport.self, from: data)
    } catch {
      throw .unreadable(
        file: file, reason: "it is no report as avu evaluate --output writes it")
    }
  }

  /// Reads a document whose clips stand on lines of their own as ``write(to:)`` leaves them; nil
  /// where they do not, or not by id.
  private static func byLine(_ data: Data) throws -> MetricReport? {
    guard let start = data.range(of: Data(clipsBegin.utf8)),
      let end = data.range(of: Data(clipsEnd.utf8), options: .backwards),
      end.upperBound == data.endIndex, start.upperBound <= end.lowerBound
    else { return nil }
    let decoder = JSONDecoder()
    var report = try decoder.decode(
      MetricReport.self, from: data[..<start.upperBound] + Data("}}".utf8))
    for line in data[start.upperBound..<end.lowerBound].lines where !line.isEmpty {
      let entry = line.last == UInt8(ascii: ",") ? line.dropLast() : line
      let clip = try decoder.decode(
        [String: MetricSet].self, from: Data("{".utf8) + entry + Data("}".utf8))
      guard clip.count == 1, let (id, set) = clip.first,
        report.byClip.keys.last.map({ $0.utf8.lexicographicallyPrecedes(id.utf8) }) ?? true
      else { return nil }
      report.byClip.append(id, set)
    }
    return report
  }
}

extension Data {
  /// The lines one after another, without copies.
  fileprivate var lines: UnfoldSequence<Data, Data.Index> {
    sequence(state: startIndex) { place in
      guard place < endIndex else { return nil }
      let end = self[place...].firstIndex(of: 0x0A) ?? endIndex
      defer { place = Swift.min(end + 1, endIndex) }
      return self[place..<end]
    }
  }
}
