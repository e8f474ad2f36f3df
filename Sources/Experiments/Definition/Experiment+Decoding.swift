/// A key of any name.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }

  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The container of an object that may have no other keys than these.
  fileprivate func strictContainer<Key: CodingKey & CaseIterable>(
    _ keys: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    let known = Key.allCases.map(\.stringValue)
    for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: codingPath,
          debugDescription: "unknown key “\(key.stringValue)”; known: "
            + known.joined(separator: ", ")))
    }
    return try container(keyedBy: keys)
  }
}

extension Experiment: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, description, models, tables
    case dataSets = "data_sets"
  }

  /// Reads an experiment; without `tables` it has the single-task comparison.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    description = try container.decodeIfPresent(String.self, forKey: .description)
    dataSets = try container.decodeIfPresent([ExperimentDataSet].self, forKey: .dataSets) ?? []
    models = try container.decode([ExperimentModel].self, forKey: .models)
    tables =
      try container.decodeIfPresent([ExperimentTable].self, forKey: .tables)
      ?? [ExperimentTable(kind: .singleTask, title: nil, rows: nil, paper: .matching)]
  }
}

extension ExperimentDataSet: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case name, path, split }

  /// Reads a data set.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    path = try container.decode(String.self, forKey: .path)
    split = try container.decodeIfPresent(String.self, forKey: .split)
  }
}

extension ExperimentModel: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, model, predictions, descriptions, task, benchmark, notes
  }

  /// Reads a model; its answers are from one of `model`, `predictions` and `descriptions`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(CodingKeys.self)
    func text(_ key: CodingKeys) throws -> String? {
      try container.decodeIfPresent(String.self, forKey: key)
    }
    let kinds = [
      try text(.model).map(Answers.model), try text(.predictions).map(Answers.predictions),
      try text(.descriptions).map(Answers.descriptions),
    ].compactMap(\.self)
    name = try container.decode(String.self, forKey: .name)
    benchmark = try text(.benchmark)
    guard kinds.count == 1 || kinds.isEmpty && benchmark != nil else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "“\(name)” needs one of model, predictions and descriptions"))
    }
    answers = kinds.first
    task = try container.decodeIfPresent(ExperimentTask.self, forKey: .task)
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
  }
}

extension ExperimentTable: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case kind, title, rows, paper }

  /// Reads a table; without `paper` the paper's rows of the same data set stand in it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(CodingKeys.self)
    kind = try container.decode(Kind.self, forKey: .kind)
    title = try container.decodeIfPresent(String.self, forKey: .title)
    rows = try container.decodeIfPresent([String].self, forKey: .rows)
    paper = try container.decodeIfPresent(PaperRows.self, forKey: .paper) ?? .matching
  }
}
