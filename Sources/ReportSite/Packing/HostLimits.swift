import Foundation

/// How large a site is.
public struct SiteSize: Codable, Hashable, Sendable {
  /// Files.
  public private(set) var files = 0

  /// Bytes in all.
  public private(set) var bytes = 0

  /// The largest file, from the site's folder.
  public private(set) var largest = ""

  /// Its bytes.
  public private(set) var largestBytes = 0

  /// Files and bytes for people.
  public var summary: String {
    "\(DisplayText.count(files, "file")), \(HostLimits.text(bytes))"
  }

  /// Some files.
  ///
  /// - Parameters:
  ///   - files: How many.
  ///   - bytes: Their bytes in all.
  ///   - largest: The largest of them.
  ///   - largestBytes: Its bytes.
  public init(files: Int = 0, bytes: Int = 0, largest: String = "", largestBytes: Int = 0) {
    self.files = files
    self.bytes = bytes
    self.largest = largest
    self.largestBytes = largestBytes
  }

  /// The files of both.
  static func + (one: SiteSize, other: SiteSize) -> SiteSize {
    let larger = one.largestBytes >= other.largestBytes ? one : other
    return SiteSize(
      files: one.files + other.files, bytes: one.bytes + other.bytes, largest: larger.largest,
      largestBytes: larger.largestBytes)
  }

  /// Measures a single file.
  public init(ofFile path: String) {
    var status = stat()
    add((path as NSString).lastPathComponent, stat(path, &status) == 0 ? Int(status.st_size) : 0)
  }

  /// Measures a folder; what a symbolic link leads to counts.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - others: Files that do not count, from the folder.
  public init(of folder: String, without others: [String] = []) {
    var folders = [""]
    while let path = folders.popLast() {
      SiteFile.forEachEntry(in: folder + "/" + path) { name, entry in
        let file = path + name
        switch entry {
        // Notes of a build in progress are no part of the site.
        case .folder: if name != BuildLeftovers.state { folders.append(file + "/") }
        case .file(let bytes): if !others.contains(file) { add(file, bytes) }
        }
      }
    }
  }

  /// The size with some more files of the folder.
  func adding(_ files: [String], of folder: String) -> SiteSize {
    var size = self
    for file in files {
      var status = stat()
      if stat(folder + "/" + file, &status) == 0 { size.add(file, Int(status.st_size)) }
    }
    return size
  }

  private mutating func add(_ file: String, _ size: Int) {
    files += 1
    bytes += size
    // Of files of one size the first by name, in whatever order they come.
    if size > largestBytes || (size == largestBytes && file < largest) {
      (largest, largestBytes) = (file, size)
    }
  }
}

/// What a host of static sites takes, as its documentation says.
public struct HostLimits: Hashable, Sendable {
  /// The host's name as an option, for example `github-pages`.
  public let name: String

  /// The host's name for people.
  public let title: String

  /// Most bytes in all, where it says.
  let bytes: Int?

  /// Most files, where it says.
  let files: Int?

  /// Most bytes of a file, where it says.
  let fileBytes: Int?

  /// The hosts that are known.
  public static let all = [
    HostLimits(
      name: "github-pages", title: "GitHub Pages", bytes: 1 << 30, files: nil,
      fileBytes: 100 << 20),
    HostLimits(
      name: "gitlab-pages", title: "GitLab Pages", bytes: 1 << 30, files: 200_000, fileBytes: nil),
    HostLimits(
      name: "cloudflare-pages", title: "Cloudflare Pages", bytes: nil, files: 20_000,
      fileBytes: 25 << 20),
  ]

  /// What of a site the host does not take; empty when it takes it.
  ///
  /// - Parameters:
  ///   - size: The site's size.
  ///   - has: What is said before a number: `has`, or `would have about`.
  /// - Returns: The problems, each as the part of a sentence.
  public func problems(of size: SiteSize, has: String = "has") -> [String] {
    var problems: [String] = []
    if let files, size.files > files {
      problems.append("it \(has) \(size.files) files, and \(files) are allowed")
    }
    if let bytes, size.bytes > bytes {
      problems.append("it \(has) \(Self.text(size.bytes)), and \(Self.text(bytes)) are allowed")
    }
    if let fileBytes, size.largestBytes > fileBytes {
      problems.append(
        "\(size.largest) has \(Self.text(size.largestBytes)), and \(Self.text(fileBytes)) are "
          + "allowed for a file")
    }
    return problems
  }

  /// Bytes for people, in MiB.
  static func text(_ bytes: Int) -> String {
    DisplayText.fixed(Double(bytes) / 1_048_576, bytes < 10 << 20 ? 1 : 0) + " MiB"
  }
}
