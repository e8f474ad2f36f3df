import FlyingFox
import Foundation

/// Answers requests with the files of a site's folder, in stretches where a player asks for them.
struct SiteHandler: HTTPHandler {
  /// The folder, as a resolved path.
  let folder: String

  /// Answers a request.
  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let wanted = SiteRequest(request)
    // Another site's page must not read this one by giving itself a name that leads here.
    guard let host = wanted.host, ["127.0.0.1", "localhost"].contains(host.lowercased()) else {
      return Self.refusal(.misdirectedRequest)
    }
    guard [.GET, .HEAD].contains(request.method) else {
      return Self.refusal(.methodNotAllowed, [HTTPHeader("Allow"): "GET, HEAD"])
    }
    var response = try response(to: wanted)
    response.headers[.cacheControl] = "no-cache"
    response.headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
    if request.method == .HEAD { try Self.dropBody(of: &response) }
    return response
  }

  private func response(to request: SiteRequest) throws -> HTTPResponse {
    guard let parts = request.path else { return Self.refusal(.notFound) }
    var path = ([folder] + parts).joined(separator: "/")
    if Self.isFolder(path) {
      guard request.namesFolder else {
        // A page's links are relative to its folder, so the address needs the slash.
        return Self.refusal(.movedPermanently, [.location: Self.address(of: parts)])
      }
      path += "/index.html"
    } else if request.namesFolder {
      return Self.refusal(.notFound)
    }
    guard let (file, size) = Self.file(path, in: folder) else { return Self.refusal(.notFound) }
    return try Self.response(file, of: size, request.range)
  }

  private static func response(
    _ file: String, of size: Int, _ range: SiteRequest.Range?
  ) throws -> HTTPResponse {
    let bytes = range?.bytes(of: size) ?? 0..<size
    var headers: HTTPHeaders = [.contentType: type(of: file), .acceptRanges: "bytes"]
    if range != nil {
      guard !bytes.isEmpty else {
        return refusal(.rangeNotSatisfiable, [.contentRange: "bytes */\(size)"])
      }
      headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)"
    }
    let content =
      bytes.isEmpty
      ? HTTPBodySequence()
      : try HTTPBodySequence(
        file: URL(fileURLWithPath: file), range: bytes, suggestedBufferSize: 1 << 16)
    return HTTPResponse(
      statusCode: range == nil ? .ok : .partialContent, headers: headers, body: content)
  }

  private static func refusal(
    _ status: HTTPStatusCode, _ headers: HTTPHeaders = HTTPHeaders()
  ) -> HTTPResponse {
    var headers = headers
    headers[.contentType] = "text/plain; charset=utf-8"
    return HTTPResponse(
      statusCode: status, headers: headers, body: Data("\(status.code) \(status.phrase)\n".utf8))
  }

  /// Keeps what would have been sent as a length.
  private static func dropBody(of response: inout HTTPResponse) throws {
    guard case .httpBody(let body) = response.payload else { return }
    response.headers[.contentLength] = body.count.map(String.init)
    response.payload = .httpBody(HTTPBodySequence())
  }
}

// MARK: - Files

extension SiteHandler {
  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// A regular file that lies in the folder even when links are followed.
  private static func file(_ path: String, in folder: String) -> (path: String, size: Int)? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    var facts = stat()
    guard String(cString: resolved).hasPrefix(folder + "/"), stat(resolved, &facts) == 0,
      facts.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return (String(cString: resolved), Int(facts.st_size))
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
    case "xml": "application/xml"
    case "vtt": "text/vtt; charset=utf-8"
    case "jpg": "image/jpeg"
    case "webp": "image/webp"
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
