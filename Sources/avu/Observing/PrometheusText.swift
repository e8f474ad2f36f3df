/// Figures in the text format that Prometheus scrapes (exposition format 0.0.4).
struct PrometheusText {
  /// One figure of a metric, told from the others by its labels.
  struct Sample {
    var labels: KeyValuePairs<String, String> = [:]
    let value: Double
  }

  /// The lines so far.
  private(set) var text = ""

  /// Adds a gauge.
  ///
  /// - Parameters:
  ///   - name: Its name, with its unit at the end.
  ///   - help: One sentence.
  ///   - samples: Its figures; none is fine.
  mutating func add(gauge name: String, _ help: String, _ samples: [Sample]) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
    for sample in samples {
      let labels = sample.labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
      text += name + (labels.isEmpty ? "" : "{\(labels)}") + " \(Self.number(sample.value))\n"
    }
  }

  /// Collections are named by people.
  private static func escaped(_ label: String) -> String {
    label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }
}
