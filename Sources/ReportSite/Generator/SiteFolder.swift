import Foundation
import Media

/// A new site on its way: a hidden folder beside the output that takes its place when complete.
///
/// A reader sees the old site or the new one, never half of each. What an interrupted build left, or
/// a large site that was replaced, is taken up by the next one.
final class SiteFolder: Sendable {
  /// What marks a folder as a site, so that no other folder is ever replaced.
  static let marker = "site.json"

  /// The folder being filled.
  let path: String

  /// Whether pages and pictures of an interrupted or earlier build lie in the folder.
  let isResumed: Bool

  private let output: String
  private let lock: Int32

  /// Opens a folder beside `output`.
  ///
  /// - Parameters:
  ///   - output: Where the site will be; absent, empty, or a site.
  ///   - resumes: Whether what an interrupted build left is used.
  /// - Throws: ``SiteError``.
  init(for output: String, resumes: Bool = true) throws(SiteError) {
    let url = URL(fileURLWithPath: output).standardizedFileURL
    self.output = url.path
    let parent = url.deletingLastPathComponent().path
    path = parent + "/." + url.lastPathComponent + ".building"
    try Self.requireReplaceable(self.output)
    try SiteFile.makeFolder(parent)
    try SiteFile.makeFolder(path)
    lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else {
      throw .cannotWrite(path: path, reason: lastSystemFailure())
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      Foundation.close(lock)
      throw .alreadyBuilding(path: self.output)
    }
    let leftovers = BuildLeftovers(folder: path)
    isResumed = resumes && leftovers.areUsable
    do {
      if isResumed { try leftovers.keepPages() } else { try leftovers.removeAll() }
      try leftovers.begin()
    } catch {
      throw .cannotWrite(path: path, reason: fileReason(error))
    }
  }

  deinit { Foundation.close(lock) }

  /// Where the same file of the site now in place is, if there is a site.
  func oldPath(_ relative: String) -> String { output + "/" + relative }

  /// Where a file of the new site is.
  func newPath(_ relative: String) -> String { path + "/" + relative }

  /// Writes one file, with the folders above it.
  ///
  /// - Parameters:
  ///   - content: The file's bytes.
  ///   - relative: The file's path within the site.
  /// - Throws: ``SiteError`` when the disk is full or the folder cannot be written to.
  func write(_ content: [UInt8], to relative: String) throws(SiteError) {
    try SiteFile.write(content, to: try prepare(relative))
  }

  /// Makes the folders above a file and returns the file's full path.
  func prepare(_ relative: String) throws(SiteError) -> String {
    let file = newPath(relative)
    try SiteFile.makeFolder((file as NSString).deletingLastPathComponent)
    return file
  }

  /// Whether a file is in the new site.
  func has(_ relative: String) -> Bool { SiteFile.exists(newPath(relative)) }

  /// Takes a file of the old site over, if it is there.
  ///
  /// - Returns: Whether the new site has the file now.
  func takeOver(_ relative: String) -> Bool {
    let (old, new) = (oldPath(relative), newPath(relative))
    if SiteFile.link(old, new) { return true }
    guard SiteFile.exists(old), (try? prepare(relative)) != nil else { return false }
    return SiteFile.link(old, new)
  }

  /// Puts one new file in place of the old site's.
  func replace(_ relative: String) throws(SiteError) {
    guard rename(newPath(relative), oldPath(relative)) == 0 else { throw failure() }
  }

  /// Notes that a clip's files are about to be replaced, should they be noted as complete.
  func willReplace(_ clip: String) throws(SiteError) {
    try BuildLeftovers(folder: path).replace(clip)
  }

  /// Puts the complete site in place.
  ///
  /// - Parameter keepsOld: Whether the old site stays in the hidden folder: to make the next one of
  ///   it takes as long as there are changes, to link all files of a large site anew and to remove
  ///   the old one takes as long as there are clips. The two share the files that are the same.
  /// - Throws: ``SiteError`` when the folder cannot be put in place.
  func commit(keepsOld: Bool = false) throws(SiteError) {
    BuildLeftovers(folder: path).end()
    if !FileManager.default.fileExists(atPath: output) {
      guard rename(path, output) == 0 else { throw failure() }
      return
    }
    // Nobody begins a build in the old site's folder while it is still being removed.
    let old = open(output, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { Foundation.close(old) }
    flock(old, LOCK_EX | LOCK_NB)
    guard Self.exchange(path, output) else { return try replaceInTwoSteps() }
    if keepsOld, (try? BuildLeftovers(folder: path).begin()) != nil { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Ends a build that did not need the folder; what lay in it for the next one stays.
  func close() { if !isResumed { discard() } }

  /// Removes what was written so far; the site in place stays.
  func discard() { try? FileManager.default.removeItem(atPath: path) }

  /// For file systems that cannot exchange two folders: for a moment no site is there.
  private func replaceInTwoSteps() throws(SiteError) {
    let aside = path + ".old"
    try? FileManager.default.removeItem(atPath: aside)
    guard rename(output, aside) == 0 else { throw failure() }
    guard rename(path, output) == 0 else {
      let error = failure()
      rename(aside, output)
      throw error
    }
    try? FileManager.default.removeItem(atPath: aside)
  }

  private func failure() -> SiteError {
    .cannotWrite(path: output, reason: lastSystemFailure())
  }

  /// Exchanges two folders in one step of the file system.
  ///
  /// `renameat2` is looked up by name because Swift's Glibc module leaves it out.
  private static func exchange(_ first: String, _ second: String) -> Bool {
    typealias Rename2 =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    let exchangeFlag: UInt32 = 2
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    let call = unsafeBitCast(symbol, to: Rename2.self)
    return call(AT_FDCWD, first, AT_FDCWD, second, exchangeFlag) == 0
  }

  private static func requireReplaceable(_ output: String) throws(SiteError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: output, isDirectory: &isFolder) else { return }
    let names = try? FileManager.default.contentsOfDirectory(atPath: output)
    guard isFolder.boolValue, let names, names.isEmpty || names.contains(marker) else {
      throw .notASite(path: output)
    }
  }
}
