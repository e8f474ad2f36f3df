import Foundation
import Yams

/// Where things are and what is used by default: option, then environment, then `avu.yaml` in the
/// current folder, then the default.
struct Settings: Sendable {
  /// A PostgreSQL URL; nil means the private cluster under ``home``.
  let databaseURL: String?

  /// The schema that holds all of avu's tables; several, each with clips and a queue of its own, can
  /// lie in one database.
  let schema: String

  /// The folder of the private cluster.
  let home: String

  /// The folder that holds `migrations`, `templates`, `public` and `models`.
  let share: String

  /// The folder of the models; `models` in ``share`` unless set.
  let models: String

  /// The model that jobs are queued for unless an option names another.
  let model: String

  /// Reads the environment and the file.
  ///
  /// - Throws: ``CommandError`` when the file cannot be read or has an unknown key, or when the
  ///   schema cannot have its name.
  static func load() throws -> Settings {
    let file = try File.load(from: "avu.yaml")
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    let share = try value("AVU_SHARE") ?? file.share ?? installedShare()
    return Settings(
      databaseURL: try (value("AVU_DATABASE_URL") ?? file.databaseURL).map(databaseURL),
      schema: try schema(value("AVU_SCHEMA") ?? file.schema ?? "avu"),
      home: value("AVU_HOME") ?? file.home ?? defaultHome(environment),
      share: share,
      models: value("AVU_MODELS") ?? file.models ?? "\(share)/models",
      model: value("AVU_MODEL") ?? file.model ?? "avuformer-lite")
  }

  /// An address as libpq takes it. It may hold a password, so no message repeats it.
  private static func databaseURL(_ text: String) throws -> String {
    guard ["postgres://", "postgresql://"].contains(where: text.hasPrefix) || text.contains("=")
    else {
      throw CommandError.option(
        name: "AVU_DATABASE_URL",
        reason: "it is no address of a PostgreSQL database such as postgres://user@host/database")
    }
    return text
  }

  /// A name that is the same with and without quotes, so that people can type it at a prompt.
  private static func schema(_ name: String) throws -> String {
    guard name.wholeMatch(of: /[a-z_][a-z0-9_]{0,62}/) != nil, !name.hasPrefix("pg_"),
      name != "information_schema"
    else {
      throw CommandError.option(
        name: "AVU_SCHEMA",
        reason: "“\(name.printable)” is no name for a schema; take small letters, digits and _, at "
          + "most 63, without pg_ at the start")
    }
    return name
  }

  private static func defaultHome(_ environment: [String: String]) -> String {
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return "\(data)/avu" }
    let user = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
    return "\(user)/.local/share/avu"
  }

  /// The program's own files: beside an installed program in `../share/avu`, or in the checkout
  /// that it was built in.
  private static func installedShare() throws -> String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = program.deletingLastPathComponent()
    while folder.path != "/" {
      for candidate in [folder.appendingPathComponent("share/avu"), folder]
      where FileManager.default.fileExists(atPath: candidate.path + "/migrations") {
        return candidate.path
      }
      folder.deleteLastPathComponent()
    }
    throw CommandError.shareNotFound(program: program.path)
  }
}

extension Settings {
  /// The keys of `avu.yaml`, all optional.
  private struct File: Decodable {
    var databaseURL: String?
    var schema: String?
    var home: String?
    var share: String?
    var models: String?
    var model: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case databaseURL = "database_url"
      case schema, home, share, models, model
    }

    static func load(from path: String) throws -> File {
      guard FileManager.default.fileExists(atPath: path) else { return File() }
      do {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let document = try Yams.load(yaml: text) else { return File() }
        guard let keys = document as? [String: Any] else {
          throw CommandError.configuration(
            file: path, reason: "it is no list of settings such as “model: avuformer-lite”")
        }
        if let unknown = keys.keys.sorted().first(where: { CodingKeys(rawValue: $0) == nil }) {
          let known = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
          throw CommandError.configuration(
            file: path, reason: "unknown key “\(unknown)”; known: \(known)")
        }
        return keys.isEmpty ? File() : try YAMLDecoder().decode(File.self, from: text)
      } catch let error as CommandError {
        throw error
      } catch {
        let words = "\(error)".split(whereSeparator: \.isWhitespace)
        throw CommandError.configuration(file: path, reason: words.joined(separator: " "))
      }
    }
  }
}
