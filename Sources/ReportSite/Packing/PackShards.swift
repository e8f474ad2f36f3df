import Media

/// Scripts that hold many things each, found by the hash of a thing's path, so that an address leads
/// to the right script without a list of all.
struct PackShards {
  /// The folder of the scripts, from the site's.
  static let folder = "pack"

  /// How many things are looked at to choose the number of scripts.
  private static let sample = 48

  /// What the scripts hold, for example `pages`.
  let name: String

  /// What is in each script, by path from the site's folder.
  let paths: [[String]]

  /// Spreads things over scripts.
  ///
  /// - Parameters:
  ///   - name: What they are.
  ///   - paths: Their paths from the site's folder, sorted.
  ///   - bytes: The size that a script has on the average.
  ///   - size: The size of a thing.
  init(
    _ name: String, of paths: [String], bytes: Int, size: (String) throws -> Int
  ) rethrows {
    self.name = name
    let step = max(1, paths.count / Self.sample)
    let some = stride(from: 0, to: paths.count, by: step).map { paths[$0] }
    let mean = try some.reduce(0) { try $0 + size($1) } / max(1, some.count)
    let count = max(1, paths.count * mean / max(1, bytes))
    self.paths = paths.reduce(into: Array(repeating: [], count: count)) { shards, path in
      shards[Self.shard(of: path, among: count)].append(path)
    }
  }

  /// The script that holds a path: 32-bit FNV-1a of its bytes, as `pack.js` computes it.
  static func shard(of path: String, among count: Int) -> Int {
    Int(path.fnv1a) % count
  }

  /// Writes all scripts, some at a time.
  ///
  /// - Parameters:
  ///   - folder: The new site.
  ///   - jobs: How many are worked on at a time.
  ///   - content: What a script holds of a path.
  /// - Returns: A hash of all scripts.
  /// - Throws: ``SiteError``, and what `content` throws.
  func write<Content: Encodable & SendableMetatype>(
    to folder: SiteFolder, jobs: Int, _ content: @escaping @Sendable (String) throws -> Content
  ) async throws -> String {
    try SiteFile.makeFolder(folder.newPath(Self.folder))
    var digests = [String](repeating: "", count: paths.count)
    let threads = BuildThreads()
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      func collect() async throws {
        guard let (number, digest) = try await group.next() else { return }
        digests[number] = digest
      }
      for number in paths.indices {
        if number >= max(1, jobs) { try await collect() }
        group.addTask(executorPreference: threads) {
          try Task.checkCancellation()
          return (number, try write(number, to: folder, content))
        }
      }
      while !group.isEmpty { try await collect() }
    }
    return Digest.text(of: digests)
  }

  private func write(
    _ number: Int, to folder: SiteFolder, _ content: (String) throws -> some Encodable
  ) throws -> String {
    let values = try paths[number].reduce(into: [:]) { $0[$1] = try content($1) }
    let script = try JSONText.script(calling: "avuPacked", "\(name)-\(number)", values)
    try SiteFile.write(script, to: folder.newPath("\(Self.folder)/\(name)-\(number).js"))
    return ContentHash.sha256(of: script)
  }
}
