import AVUModel
import ArgumentParser
import Evaluation
import Foundation
import Inference
import Postgres
import SentenceMetrics
import Workers

/// Checks the machine and says what to do about what is missing.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check this machine and say what to do about what is missing.",
    discussion: """
      Exit status 1 when something is missing that avu needs.

      EXAMPLE:
        avu doctor
      """)

  @Flag(help: "Print a JSON document instead of text.")
  var json = false

  func run() async throws {
    let settings = try Settings.load()
    var findings = [Self.folders(settings), Self.model(settings)]
    findings.append(await Self.database(settings))
    findings.append(Self.synonyms())
    if json {
      try Console.print(json: findings)
    } else {
      for finding in findings { Console.print(finding.line) }
    }
    if findings.contains(where: { $0.state == .missing }) { throw ExitStatus.failed.exitCode }
  }

  private static func folders(_ settings: Settings) -> Finding {
    let names = ["migrations", "templates", "public", "models"]
    let absent = names.filter {
      !FileManager.default.fileExists(atPath: "\(settings.share)/\($0)")
    }
    return absent.isEmpty
      ? Finding("program files", .fine, "in \(settings.share)")
      : Finding(
        "program files", .missing,
        "\(absent.joined(separator: ", ")) not found in \(settings.share); "
          + "set AVU_SHARE to the folder that holds them, or install avu again")
  }

  /// Loading a model checks the weights and OpenBLAS, too.
  private static func model(_ settings: Settings) -> Finding {
    do {
      let entry = try ModelLibrary(directory: settings.models).entry(named: settings.model)
      let analyzer = try ClipAnalyzer(modelDirectory: entry.directory, threads: 1)
      let millions = Double(analyzer.model.parameterCount) / 1e6
      return Finding(
        "model", .fine, String(format: "%@, %.1f million parameters", entry.name, millions))
    } catch {
      return Finding("model", .missing, "\(error)")
    }
  }

  private static func database(_ settings: Settings) async -> Finding {
    do {
      if settings.databaseURL == nil {
        guard case .running = PrivateCluster(home: settings.home).status() else {
          try PrivateCluster.requirePrograms()
          return Finding(
            "database", .fine, "private, under \(settings.home); started when it is needed")
        }
      }
      let target = try await DatabaseSession.target(settings)
      let connection = try await Connection.connect(to: target)
      let pending = try await Migrator(folder: settings.share + "/migrations").pending(
        schema: settings.schema, on: connection)
      await connection.close()
      let step = pending.isEmpty ? "" : "; the next command brings its schema up to date"
      return Finding("database", .fine, "\(target)\(step)")
    } catch {
      return Finding("database", .missing, "\(error)")
    }
  }

  private static func synonyms() -> Finding {
    if MeteorData.installed != nil {
      return Finding("METEOR's data", .fine, "METEOR is that of the reference")
    }
    return WordNet.installed != nil
      ? Finding(
        "WordNet", .fine,
        "METEOR matches synonyms; `make meteor-data` adds the reference's own data")
      : Finding(
        "WordNet", .optional,
        "not installed, so METEOR matches exact words and stems only; install wordnet-base")
  }
}

/// What was found of one thing.
private struct Finding: Encodable {
  enum State: String, Encodable {
    case fine = "ok"
    case optional
    case missing
  }

  let what: String
  let state: State
  let detail: String

  init(_ what: String, _ state: State, _ detail: String) {
    self.what = what
    self.state = state
    self.detail = detail
  }

  var line: String {
    let mark = state.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
    return mark + what.padding(toLength: 15, withPad: " ", startingAt: 0) + detail
  }
}
