/// What can keep a site from being built. The old site, if there is one, stays as it was.
public enum SiteError: Error, Equatable, Sendable {
  /// A template is missing or cannot be parsed.
  case badTemplate(path: String, reason: String)

  /// A style sheet or script of the site is missing.
  case missingAsset(path: String)

  /// A file or folder of the new site cannot be written.
  case cannotWrite(path: String, reason: String)

  /// A file of a site cannot be read.
  case cannotRead(path: String, reason: String)

  /// A file is larger than browsers and mail pass on.
  case tooLarge(bytes: Int, most: Int)

  /// A site is larger than a host takes.
  case tooMuch(host: String, reasons: [String])

  /// The output folder holds something else than a site.
  case notASite(path: String)

  /// Another build of the same site is running.
  case alreadyBuilding(path: String)

  /// Two collections have the same name, or a collection lists a clip twice.
  case duplicate(what: String, name: String)
}

extension SiteError: CustomStringConvertible {
  /// One sentence that names the place and says what to do.
  public var description: String {
    switch self {
    case .badTemplate(let path, let reason):
      "The template \(path) cannot be used (\(reason)); restore it from the distribution."
    case .missingAsset(let path):
      "\(path) is missing; restore it from the distribution."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written (\(reason)); make room or choose another --output "
        + "(the old site is unchanged)."
    case .cannotRead(let path, let reason):
      "\(path) cannot be read (\(reason)); build the site again."
    case .tooLarge(let bytes, let most):
      "The file would have \(bytes >> 20) MB, and \(most >> 20) MB is the most that browsers open "
        + "well; choose --clip, fewer clips or --media none."
    case .tooMuch(let host, let reasons):
      "\(host) does not take this site: \(reasons.joined(separator: "; ")); choose --profile packed, "
        + "--media none or fewer collections (the old site is unchanged)."
    case .notASite(let path):
      "\(path) holds files that are no avu site and was left alone; choose an empty or new folder."
    case .alreadyBuilding(let path):
      "Another build of \(path) is running; wait for it to end."
    case .duplicate(let what, let name):
      "The \(what) “\(name)” is listed twice; list it once."
    }
  }
}
