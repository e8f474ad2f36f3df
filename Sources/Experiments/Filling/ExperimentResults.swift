public import Evaluation
public import Foundation

/// What an experiment has measured, and the tables that it fills.
public struct ExperimentResults: Sendable {
  /// A model on a data set.
  private struct Place: Hashable {
    let model: String
    let dataSet: String
  }

  private let experiment: Experiment
  private let paper: [ResultTable]
  private let origin: Measurement
  private var reports: [Place: (task: ExperimentTask, report: MetricReport)] = [:]
  private var benchmarks: [String: (measurement: Measurement, benchmark: ModelBenchmark)] = [:]

  /// Begins without a result.
  ///
  /// - Parameters:
  ///   - experiment: What is compared.
  ///   - paper: The paper's tables, whose rows stand beside the measured ones.
  ///   - origin: Where and when figures are measured; their clips and signatures are added.
  public init(_ experiment: Experiment, paper: [ResultTable], origin: Measurement) {
    self.experiment = experiment
    self.paper = paper
    self.origin = origin
  }

  /// Notes the figures of a model on a data set.
  ///
  /// - Parameters:
  ///   - report: The figures.
  ///   - model: The model.
  ///   - dataSet: The data set.
  ///   - task: What the model does, which decides the figures that are shown.
  public mutating func add(
    _ report: MetricReport, of model: ExperimentModel, on dataSet: ExperimentDataSet,
    task: ExperimentTask
  ) {
    reports[Place(model: model.name, dataSet: dataSet.name)] = (task, report)
  }

  /// Notes a model's size and speed.
  ///
  /// - Parameters:
  ///   - benchmark: What was measured.
  ///   - model: The model.
  ///   - machine: Where it was measured.
  ///   - when: When it was measured.
  ///   - parameters: Numbers in the weights, where the benchmark does not say it.
  public mutating func add(
    _ benchmark: ModelBenchmark, of model: ExperimentModel, machine: String, when: Date,
    parameters: Int? = nil
  ) {
    var benchmark = benchmark
    benchmark.parameters = benchmark.parameters ?? parameters
    var measurement = origin
    measurement.machine = machine
    measurement.when = when
    let threads = benchmark.threads.map { "\($0) threads" } ?? "threads not stated"
    let convention = "\(Self.frames(of: benchmark)), \(threads), median, without decoding"
    measurement.signature = ["seconds_per_sample": convention, "frames_per_second": convention]
    benchmarks[model.name] = (measurement, benchmark)
  }

  /// The tables, filled with what is there.
  public var tables: [ResultTable] {
    experiment.tables.flatMap { table -> [ResultTable] in
      switch table.kind {
      case .singleTask, .ablation:
        experiment.dataSets.map { dataSet in
          beside(table, quality(table, on: dataSet), dataSet.name)
        }
      case .descriptions: [beside(table, descriptions(table), nil)]
      case .efficiency: [beside(table, efficiency(table), nil)]
      }
    }
  }

  // MARK: Kinds of table

  private func quality(_ table: ExperimentTable, on dataSet: ExperimentDataSet) -> ResultTable {
    let kind = table.kind == .ablation ? "Ablation" : "Single-task comparison"
    let rows = models(of: table).compactMap { model -> ResultRow? in
      guard let (task, report) = reports[Place(model: model.name, dataSet: dataSet.name)] else {
        return nil
      }
      let metrics =
        (task.hasMasks ? TableColumns.masks : [])
        + (task.hasSentences ? TableColumns.sentences : [])
      return ResultRow(
        name: model.name, dataset: dataSet.title, provenance: provenance(of: [report]),
        values: TableColumns.values(of: [report], metrics), notes: notes(on: model, [report]))
    }
    return ResultTable(
      id: "\(table.kind.rawValue)-\(dataSet.name)",
      title: table.title ?? "\(kind) on \(dataSet.title)",
      columns: TableColumns.columns(TableColumns.masks + TableColumns.sentences), rows: rows)
  }

  private func descriptions(_ table: ExperimentTable) -> ResultTable {
    let names = experiment.dataSets.map(\.title)
    let rows = models(of: table).compactMap { model -> ResultRow? in
      let found = experiment.dataSets.compactMap {
        reports[Place(model: model.name, dataSet: $0.name)]
      }
      // A mean over some of the data sets could not stand beside means over all of them.
      guard found.count == names.count, found.allSatisfy({ $0.task.hasSentences }) else {
        return nil
      }
      let own = found.map { $0.report }
      return ResultRow(
        name: model.name,
        dataset: names.joined(separator: " and ") + (names.count > 1 ? ", mean" : ""),
        provenance: provenance(of: own),
        values: TableColumns.values(of: own, TableColumns.sentences),
        notes: notes(on: model, own))
    }
    return ResultTable(
      id: "descriptions", title: table.title ?? "Descriptions",
      columns: TableColumns.columns(TableColumns.sentences), rows: rows)
  }

  private func efficiency(_ table: ExperimentTable) -> ResultTable {
    let rows = models(of: table).compactMap { model -> ResultRow? in
      benchmarks[model.name].map { measurement, benchmark in
        ResultRow(
          name: model.name, dataset: "one sample of \(Self.frames(of: benchmark))",
          provenance: .measured(measurement), values: benchmark.values, notes: model.notes)
      }
    }
    return ResultTable(
      id: "efficiency", title: table.title ?? "Efficiency", columns: TableColumns.efficiency,
      rows: rows)
  }

  private static func frames(of benchmark: ModelBenchmark) -> String {
    benchmark.frames.map { "\($0) frames" } ?? "frames that are not stated"
  }

  private func models(of table: ExperimentTable) -> [ExperimentModel] {
    guard let rows = table.rows else { return experiment.models }
    return rows.compactMap { row in experiment.models.first { $0.name == row } }
  }

  // MARK: Rows

  private func provenance(of reports: [MetricReport]) -> Provenance {
    var measurement = origin
    measurement.clips = reports.reduce(0) { $0 + $1.overall.counts.clips }
    measurement.signature = TableColumns.signature(of: reports)
    return .measured(measurement)
  }

  /// What the model's author says of it, and what is missing from its figures.
  private func notes(on model: ExperimentModel, _ reports: [MetricReport]) -> [String] {
    let missing = reports.reduce(0) { $0 + $1.unscored.count }
    if missing == 0 { return model.notes }
    return model.notes + ["\(missing) clips or moments could not be scored and have no part."]
  }

  /// Puts the paper's rows below the measured ones, and its notes with them.
  private func beside(
    _ table: ExperimentTable, _ filled: ResultTable, _ dataSet: String?
  ) -> ResultTable {
    var filled = filled
    for reported in paper where reported.id.hasPrefix(table.kind.rawValue) {
      let rows = reported.rows.filter { row in
        switch table.paper {
        case .never: false
        case .always: true
        case .matching: dataSet == nil || row.dataset.lowercased() == dataSet?.lowercased()
        }
      }
      if rows.isEmpty { continue }
      filled.rows += rows
      filled.notes += reported.notes.filter { !filled.notes.contains($0) }
      let known = filled.columns.map(\.metric)
      filled.columns += reported.columns.filter { !known.contains($0.metric) }
    }
    return filled
  }
}
