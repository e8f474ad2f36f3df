public import Foundation

extension Measurement {
  /// A measurement on this machine.
  ///
  /// - Parameters:
  ///   - when: When the figures are computed.
  ///   - commit: The version of avu's source.
  /// - Returns: The measurement, without clips and signature.
  public static func here(when: Date = Date(), commit: String? = nil) -> Measurement {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = lines.split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return Measurement(
      machine: "\(model ?? "unknown processor"), \(cores) cores", when: when, commit: commit)
  }
}
