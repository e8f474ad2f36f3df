package import AVUModel
import Foundation
import Inference
import Media

/// The models that are installed: folders with `config.json` and `model.safetensors`.
package struct ModelLibrary: Sendable {
  /// One installed model.
  package struct Entry: Sendable {
    /// The folder's name, under which people ask for the model, and the options that they ask for.
    package let name: String

    /// The folder.
    package let directory: String

    /// What is asked for in place of what the model's configuration says.
    package internal(set) var options = ModelOptions()

    /// SHA-256 of `model.safetensors`, which identifies the weights everywhere; with options, of both.
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

  /// The model of this name, and of the options behind it: `avuformer-lite+beam4`.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - more: What is asked for besides; options that make no difference are left out.
  /// - Returns: The model.
  /// - Throws: ``WorkerError/noSuchModel(name:directory:installed:)``; `ModelError` when the model
  ///   cannot do what is asked for.
  package func entry(
    named name: String, asking more: ModelOptions = ModelOptions()
  ) throws -> Entry {
    let (folder, written) = parts(of: name)
    let options = written.merging(more)
    guard !folder.contains("/"), !folder.hasPrefix("."),
      FileManager.default.fileExists(atPath: weights(of: folder))
    else {
      let installed = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      throw WorkerError.noSuchModel(
        name: folder, directory: directory, installed: installed.sorted())
    }
    return try entry(
      in: folder, weights: try ContentHash.sha256(ofFile: weights(of: folder)), options)
  }

  private func entry(in folder: String, weights: String, _ options: ModelOptions) throws -> Entry {
    let path = "\(directory)/\(folder)"
    // A model without options may be damaged in any way; whoever uses it will say so.
    let changing =
      options == ModelOptions()
      ? options : try options.changing(ModelConfiguration(path: path + "/config.json"))
    return Entry(
      name: folder + changing.suffix, directory: path, options: changing,
      sha256: changing.identity(weights: weights))
  }

  /// A folder's name, and the options behind it; a folder may be called like that itself.
  private func parts(of name: String) -> (folder: String, options: ModelOptions) {
    let folder = name.prefix { $0 != "+" }
    guard !FileManager.default.fileExists(atPath: weights(of: name)),
      let options = ModelOptions(suffix: String(name[folder.endIndex...]))
    else { return (name, ModelOptions()) }
    return (String(folder), options)
  }

  /// The model of this hash, whatever its folder is called now.
  ///
  /// - Throws: ``WorkerError/modelMissing(name:sha256:)``.
  func entry(named name: String, sha256: String) throws -> Entry {
    // The folder of the same name is the usual case; a renamed one is found by its weights.
    if let entry = try? entry(named: name), entry.sha256 == sha256 { return entry }
    let options = parts(of: name).options
    for found in try entries() where options.identity(weights: found.sha256) == sha256 {
      return try entry(in: found.name, weights: found.sha256, options)
    }
    throw WorkerError.modelMissing(name: name, sha256: sha256)
  }

  private func weights(of name: String) -> String {
    "\(directory)/\(name)/model.safetensors"
  }
}
