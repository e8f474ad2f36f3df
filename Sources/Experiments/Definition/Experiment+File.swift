import Annotations
import Foundation
import Yams

extension Experiment {
  /// Reads an experiment from a YAML or JSON file, and checks what types alone do not say.
  ///
  /// Paths in it are relative to the file's folder.
  ///
  /// - Parameter file: The file.
  /// - Throws: An error that names the file and the key.
  public init(contentsOf file: String) throws(ExperimentError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .missing(file: file, what: "an experiment")
    }
    do {
      self = try YAMLDecoder().decode(Experiment.self, from: data)
    } catch let error as DecodingError {
      throw .unreadable(file: file, reason: ExperimentError.reason(error))
    } catch {
      throw .unreadable(file: file, reason: "it is neither YAML nor JSON")
    }
    if let reason = mistake { throw .unreadable(file: file, reason: reason) }
    resolvePaths(from: (file as NSString).deletingLastPathComponent)
  }

  /// What the parts say against each other; nil when they agree.
  private var mistake: String? {
    for (what, names) in [("data_sets", dataSets.map(\.name)), ("models", models.map(\.name))] {
      if let name = names.first(where: { (try? ClipID($0)) == nil }) {
        return "“\(name)” in \(what) cannot be the name of a folder"
      }
      if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 }) {
        return "\(what) has “\(twice.key)” twice"
      }
    }
    if (try? ClipID(name)) == nil { return "“\(name)” cannot be the name of a folder" }
    if models.isEmpty { return "models is empty" }
    return dataSetMistake ?? tableMistake
  }

  private var dataSetMistake: String? {
    if dataSets.isEmpty, tables.contains(where: { $0.kind != .efficiency }) {
      return "data_sets is missing, and only a table of efficiency does without"
    }
    for model in models where dataSets.count > 1 {
      switch model.answers {
      case .predictions(let path), .descriptions(let path):
        if !path.contains(ExperimentModel.placeholder) {
          return
            "the answers of “\(model.name)” need \(ExperimentModel.placeholder) in their path, "
            + "since there are \(dataSets.count) data sets"
        }
      case .model, nil: continue
      }
    }
    return nil
  }

  private var tableMistake: String? {
    let known = models.map(\.name)
    for table in tables {
      for row in table.rows ?? [] where !known.contains(row) {
        return "the table \(table.kind.rawValue) has a row “\(row)”, which is none of the models "
          + known.joined(separator: ", ")
      }
    }
    return nil
  }

  private mutating func resolvePaths(from folder: String) {
    func resolved(_ path: String) -> String {
      path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    }
    for index in dataSets.indices { dataSets[index].path = resolved(dataSets[index].path) }
    for index in models.indices {
      models[index].benchmark = models[index].benchmark.map(resolved)
      switch models[index].answers {
      case .predictions(let path): models[index].answers = .predictions(resolved(path))
      case .descriptions(let path): models[index].answers = .descriptions(resolved(path))
      case .model, nil: continue
      }
    }
  }
}
