public import struct Foundation.UUID

/// Who claims jobs. A program that is started again is somebody else.
public struct WorkerIdentity: Hashable, Sendable {
  /// Random, new with every start; host names and process numbers come back, this does not.
  public let id: UUID

  /// The machine's name, for people.
  public let host: String

  /// The process's number, for people.
  public let process: Int32

  /// Names a worker.
  ///
  /// - Parameters:
  ///   - id: Random, new with every start.
  ///   - host: The machine's name.
  ///   - process: The process's number.
  public init(id: UUID = UUID(), host: String, process: Int32) {
    self.id = id
    self.host = host
    self.process = process
  }
}
