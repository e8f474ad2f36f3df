import Foundation

/// The answer to a request: a status, headers, and bytes of a file or a short text.
struct SiteResponse {
  /// What follows the headers.
  enum Body {
    case text(String)

    /// Bytes of an open file, which the receiver closes.
    case file(descriptor: Int32, from: Int, count: Int)
  }

  let status: String
  var headers: [(name: String, value: String)]
  let body: Body

  /// An answer without a file.
  ///
  /// - Parameters:
  ///   - status: Number and words.
  ///   - headers: What the status needs besides.
  init(_ status: String, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = headers + [("Content-Type", "text/plain; charset=utf-8")]
    body = .text(status + "\n")
  }

  private init(
    _ status: String, headers: [(name: String, value: String)], file: Int32, from: Int, count: Int
  ) {
    self.status = status
    self.headers = headers
    body = .file(descriptor: file, from: from, count: count)
  }

  /// Answers a request for a file below a folder.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - folder: The folder, as a resolved path.
  init(to request: SiteRequest, in folder: String) {
    guard request.method == "GET" || request.method == "HEAD" else {
      self.init("405 Method Not Allowed", headers: [("Allow", "GET, HEAD")])
      return
    }
    guard let parts = request.path else {
      self.init("404 Not Found")
      return
    }
    var path = ([folder] + parts).joined(separator: "/")
    if Self.isFolder(path) {
      guard request.namesFolder else {
        // A page's links are relative to its folder, so the address needs the slash.
        self.init("301 Moved Permanently", headers: [("Location", Self.address(of: parts))])
        return
      }
      path += "/index.html"
    }
    guard let file = Self.open(path, in: folder) else {
      self.init("404 Not Found")
      return
    }
    self.init(file, type: Self.type(of: path), request.range)
  }

  private init(_ file: (descriptor: Int32, size: Int), type: String, _ range: SiteRequest.Range?) {
    let headers = [("Content-Type", type), ("Accept-Ranges", "bytes")]
    guard let range else {
      self.init("200 OK", headers: headers, file: file.descriptor, from: 0, count: file.size)
      return
    }
    let bytes: Range<Int>
    switch range {
    case .from(let first, let last):
      bytes =
        min(first, file.size)..<max(min(first, file.size), min(last ?? .max, file.size - 1) + 1)
    case .last(let count): bytes = max(0, file.size - count)..<file.size
    }
    if bytes.isEmpty {
      close(file.descriptor)
      self.init("416 Range Not Satisfiable", headers: [("Content-Range", "bytes */\(file.size)")])
      return
    }
    let place = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(file.size)"
    self.init(
      "206 Partial Content", headers: headers + [("Content-Range", place)], file: file.descriptor,
      from: bytes.lowerBound, count: bytes.count)
  }

  /// How many bytes follow the headers.
  var length: Int {
    switch body {
    case .text(let text): text.utf8.count
    case .file(_, _, let count): count
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Opens a regular file that lies in the folder even when links are followed.
  private static func open(_ path: String, in folder: String) -> (descriptor: Int32, size: Int)? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    guard String(cString: resolved).hasPrefix(folder + "/") else { return nil }
    let file = Foundation.open(resolved, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(file)
      return nil
    }
    return (file, Int(facts.st_size))
  }

  private static func address(of parts: [String]) -> String {
    var allowed = CharacterSet.alphanumerics
    allowed.insert(charactersIn: "-._~")
    return parts.map { "/" + ($0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "") }
      .joined() + "/"
  }

  private static func type(of path: String) -> String {
    switch (path as NSString).pathExtension.lowercased() {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "json": "application/json"
    case "vtt": "text/vtt; charset=utf-8"
    case "jpg": "image/jpeg"
    case "png": "image/png"
    case "svg": "image/svg+xml"
    case "mp4", "m4v": "video/mp4"
    case "webm": "video/webm"
    case "ogv": "video/ogg"
    case "mov": "video/quicktime"
    default: "application/octet-stream"
    }
  }
}
