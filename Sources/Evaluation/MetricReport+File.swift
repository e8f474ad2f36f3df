import Foundation

extension MetricReport {
  /// Reads a metrics JSON as `avu evaluate --output` writes it.
  ///
  /// - Parameter file: The file.
  /// - Throws: An error that names the file.
  public init(contentsOf file: String) throws(EvaluationError) {
    let data = try DocumentFile.bytes(
      file, what: "a report of avu evaluate or avu metrics captions")
    do {
      self = try JSONDecoder().decode(MetricReport.self, from: data)
    } catch {
      throw .unreadable(
        file: file, reason: "it is no report as avu evaluate --output writes it")
    }
  }
}
