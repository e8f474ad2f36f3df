import Foundation

/// The tables of the paper, which ship with avu as `experiments/paper/*.json`.
public enum PaperTables {
  /// Reads all tables.
  ///
  /// - Parameter share: The folder of what ships with avu.
  /// - Returns: The tables in order of their files' names.
  /// - Throws: An error that names the folder or the file.
  public static func all(in share: String) throws(ExperimentError) -> [ResultTable] {
    let folder = share + "/experiments/paper"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .missing(
        file: folder, what: "the folder of the paper's tables, which ships with avu,")
    }
    var tables: [ResultTable] = []
    for name in names.sorted() where name.hasSuffix(".json") {
      tables.append(try ResultTable(contentsOf: folder + "/" + name))
    }
    return tables
  }
}

extension ResultTable {
  /// Reads a table.
  ///
  /// - Parameter file: The JSON file.
  /// - Throws: An error that names the file.
  public init(contentsOf file: String) throws(ExperimentError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .missing(file: file, what: "a table of results")
    }
    do {
      self = try JSONDecoder().decode(ResultTable.self, from: data)
    } catch let error as DecodingError {
      throw .unreadable(file: file, reason: ExperimentError.reason(error))
    } catch {
      throw .unreadable(file: file, reason: "it is not JSON")
    }
  }
}
