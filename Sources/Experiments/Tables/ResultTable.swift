/// A table of results: what methods reach on a data set, whoever measured it.
///
/// As JSON: `{"id", "title", "description", "columns": [{"metric", "title", "unit", "better"}…],
/// "rows": [{"name", "dataset", "provenance": {…}, "values": {metric: {"value", "ci95"}}, "notes"}…],
/// "notes"}`. A value may also be a number alone. Every row says where its figures are from
/// (``Provenance``), and ``ranking(by:)`` keeps apart what cannot be compared.
public struct ResultTable: Codable, Hashable, Sendable {
  /// What the table is called in file names, for example `single-task-f-music`.
  public var id: String

  /// The heading.
  public var title: String

  /// What is compared, in Markdown.
  public var description: String?

  /// The figures, in the order in which they are shown.
  public var columns: [ResultColumn]

  /// The methods, in the order in which they are shown.
  public var rows: [ResultRow]

  /// What readers must know, a sentence each, in Markdown.
  public var notes: [String]

  /// Puts a table together.
  public init(
    id: String, title: String, description: String? = nil, columns: [ResultColumn],
    rows: [ResultRow], notes: [String] = []
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// Reads a table; without `notes` there are none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    title = try container.decode(String.self, forKey: .title)
    description = try container.decodeIfPresent(String.self, forKey: .description)
    columns = try container.decode([ResultColumn].self, forKey: .columns)
    rows = try container.decode([ResultRow].self, forKey: .rows)
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
  }

  /// The columns in which at least one row has a figure.
  public var filledColumns: [ResultColumn] {
    columns.filter { column in rows.contains { $0.values[column.metric] != nil } }
  }
}

/// One figure of a table.
public struct ResultColumn: Codable, Hashable, Sendable {
  /// Which direction is better.
  public enum Better: String, Codable, Hashable, Sendable {
    /// More is better, as of an accuracy.
    case higher

    /// Less is better, as of a time.
    case lower
  }

  /// The figure's name, and the key of its values in every row.
  public var metric: String

  /// The column's heading.
  public var title: String

  /// What the values count, for example `s`; empty for shares from 0 to 1.
  public var unit: String

  /// Which direction is better.
  public var better: Better

  /// Describes a column.
  public init(metric: String, title: String? = nil, unit: String = "", better: Better) {
    self.metric = metric
    self.title = title ?? metric
    self.unit = unit
    self.better = better
  }

  /// Reads a column; without a title it is headed by its metric, without a unit it has none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    metric = try container.decode(String.self, forKey: .metric)
    title = try container.decodeIfPresent(String.self, forKey: .title) ?? metric
    unit = try container.decodeIfPresent(String.self, forKey: .unit) ?? ""
    better = try container.decode(Better.self, forKey: .better)
  }
}

/// What one method reaches.
public struct ResultRow: Codable, Hashable, Sendable {
  /// The method.
  public var name: String

  /// The data set on which it was measured.
  public var dataset: String

  /// Where the figures are from.
  public var provenance: Provenance

  /// The year of the method's publication; nil where that is not known.
  public var year: Int?

  /// The figures by ``ResultColumn/metric``; one that is not known is absent.
  public var values: [String: ResultValue]

  /// What readers must know of this row, a sentence each.
  public var notes: [String]

  /// Puts a row together.
  public init(
    name: String, dataset: String, provenance: Provenance, values: [String: ResultValue],
    notes: [String] = [], year: Int? = nil
  ) {
    self.year = year
    self.name = name
    self.dataset = dataset
    self.provenance = provenance
    self.values = values
    self.notes = notes
  }

  /// Reads a row; without `notes` there are none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    dataset = try container.decode(String.self, forKey: .dataset)
    provenance = try container.decode(Provenance.self, forKey: .provenance)
    year = try container.decodeIfPresent(Int.self, forKey: .year)
    values = try container.decode([String: ResultValue].self, forKey: .values)
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
  }
}

/// A figure, with its interval where one is known.
public struct ResultValue: Codable, Hashable, Sendable {
  /// The figure, in its column's unit.
  public var value: Double

  /// The 95 % interval, lower bound first; nil where none is known.
  public var ci95: [Double]?

  /// Notes a figure.
  public init(_ value: Double, ci95: [Double]? = nil) {
    self.value = value
    self.ci95 = ci95
  }

  private enum CodingKeys: String, CodingKey { case value, ci95 }

  /// Reads `{"value", "ci95"}`, or a number alone.
  public init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      self.init(number)
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        try container.decode(Double.self, forKey: .value),
        ci95: try container.decodeIfPresent([Double].self, forKey: .ci95))
    }
  }
}
