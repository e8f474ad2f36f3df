import AVUModel
import Foundation
import Media

/// The models that are installed: folders with `config.json` and `model.safetensors`.
package struct ModelLibrary: Sendable {
  /// One installed model.
  package struct Entry: Sendable {
    /// The folder's name, under which people ask for the model.
    package let name: String

    /// The folder.
    package let directory: String

    /// SHA-256 of `model.safetensors`, which identifies the weights everywhere.
    package let sha256: String
  }

  /// The folder that holds one folder a model.
  package let directory: String

  /// - Parameter directory: The folder that holds one folder a model.
  package init(directory: String) { self.directory = directory }

  /// All installed models, by name.
  package func entries() throws -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return try names.sorted().compactMap { name in
      FileManager.default.fileExists(atPath: weights(of: name)) ? try entry(named: name) : nil
    }
  }

  /// The model of this name.
  ///
  /// - Throws: ``WorkerError/noSuchModel(name:directory:installed:)``.
  package func entry(named name: String) throws -> Entry {
    guard !name.contains("/"), !name.hasPrefix("."),
      FileManager.default.fileExists(atPath: weights(of: name))
    else {
      let installed = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      throw WorkerError.noSuchModel(
        name: name, directory: directory, installed: installed.sorted())
    }
    return Entry(
      name: name, directory: "\(directory)/\(name)",
      sha256: try ContentHash.sha256(ofFile: weights(of: name)))
  }

  /// The folder of the model whose weights have this hash.
  ///
  /// - Throws: ``WorkerError/modelMissing(name:sha256:)``.
  func directory(ofModel name: String, sha256: String) throws -> String {
    // The folder of the same name is the usual case; a renamed one is found by its weights.
    if let entry = try? entry(named: name), entry.sha256 == sha256 { return entry.directory }
    guard let entry = try entries().first(where: { $0.sha256 == sha256 }) else {
      throw WorkerError.modelMissing(name: name, sha256: sha256)
    }
    return entry.directory
  }

  private func weights(of name: String) -> String {
    "\(directory)/\(name)/model.safetensors"
  }
}
