import Foundation

/// A private database and files of one test; all of it goes when the test ends.
struct Home: Sendable {
  /// The folder.
  let path: String

  /// Runs `body` with a new home, then stops its database and removes it.
  static func with<Result>(_ body: (Home) async throws -> Result) async throws -> Result {
    let home = Home(path: "/tmp/avu-command-\(getpid())-\(UInt32.random(in: .min ... .max))")
    try FileManager.default.createDirectory(atPath: home.path, withIntermediateDirectories: true)
    do {
      let result = try await body(home)
      await home.remove()
      return result
    } catch {
      await home.remove()
      throw error
    }
  }

  /// What the program is run with.
  var environment: [String: String] { ["AVU_HOME": path + "/home"] }

  /// A path in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Runs the program with this home.
  func run(_ arguments: String...) async throws -> (status: Int32, output: String, error: String) {
    try await Program.run(arguments, environment: environment)
  }

  /// Runs the program with this home until `body`, which gets the first line that it prints, is done.
  func following(_ arguments: String..., body: (String) async throws -> Void) async throws {
    try await Program.following(arguments, environment: environment, body)
  }

  /// Starts the program and leaves it running, with more variables if any.
  func start(_ arguments: String..., with more: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      .merging(more) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Copies of a sample clip, each with a content of its own.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - folder: The folder's name.
  /// - Throws: An error when files cannot be written.
  func makeClips(_ count: Int, in folder: String) throws {
    let original = try Data(
      contentsOf: URL(fileURLWithPath: Program.checkout + "/samples/dog-then-pigeon/video.mp4"))
    try FileManager.default.createDirectory(
      atPath: file(folder), withIntermediateDirectories: true)
    for number in 0..<count {
      // A box that players skip: its length, its kind, and the number.
      let box =
        Data([0, 0, 0, 12]) + Data("free".utf8)
        + Data([0, 0, UInt8(number / 256), UInt8(number % 256)])
      let name = String(format: "clip-%03d.mp4", number)
      try (original + box).write(to: URL(fileURLWithPath: file("\(folder)/\(name)")))
    }
  }

  /// How many jobs are in each state, by `avu jobs list`.
  func states() async throws -> [String: Int] {
    struct Page: Decodable {
      struct Job: Decodable { let state: String }
      let jobs: [Job]
    }
    let listed = try await run("jobs", "list", "--limit", "10000", "--json")
    let page = try JSONDecoder().decode(Page.self, from: Data(listed.output.utf8))
    return Dictionary(page.jobs.map { ($0.state, 1) }, uniquingKeysWith: +)
  }

  private func remove() async {
    _ = try? await run("db", "stop")
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// Processes of this machine.
enum ProcessTable {
  /// The processes that another one started and that still run.
  static func children(of parent: Int32) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { process in
      // "123 (a name) S 45 …": the name may hold anything, so fields count from its end.
      guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
      else { return false }
      let fields = stat[end...].split(separator: " ")
      return fields.count > 2 && fields[1] != "Z" && Int32(fields[2]) == parent
    }
  }
}
