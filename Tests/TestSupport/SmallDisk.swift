import Foundation
import Postgres

/// A file system that is soon full.
public struct SmallDisk: Sendable {
  /// Where it is mounted.
  public let path: String

  private var ballast: String { path + "/ballast" }

  /// Whether this process may mount one: only root may.
  public static let isPossible: Bool = {
    let folder = "/tmp/avu-disk-test-\(getpid())"
    defer { rmdir(folder) }
    guard geteuid() == 0, mkdir(folder, 0o755) == 0, mount(folder, megabytes: 1) else {
      return false
    }
    return run("/bin/umount", folder)
  }()

  /// Mounts one while `body` runs; a database server on it is stopped when that fails.
  public static func with(megabytes: Int, _ body: (SmallDisk) async throws -> Void) async throws {
    let disk = SmallDisk(path: "/tmp/avu-small-disk-\(UUID().uuidString.prefix(8))")
    guard mkdir(disk.path, 0o755) == 0, mount(disk.path, megabytes: megabytes) else {
      throw CocoaError(.fileWriteUnknown)
    }
    defer {
      _ = run("/bin/umount", "--lazy", disk.path)
      rmdir(disk.path)
    }
    do {
      try await body(disk)
    } catch {
      _ = try? await PrivateCluster(home: disk.path).stop()
      throw error
    }
  }

  /// Fills it up, but for so many megabytes.
  public func fill(leaving megabytes: Int) throws {
    var numbers = statvfs()
    statvfs(path, &numbers)
    let free = Int(numbers.f_bavail) * Int(numbers.f_frsize) - megabytes << 20
    guard FileManager.default.createFile(atPath: ballast, contents: Data(count: max(0, free)))
    else {
      throw CocoaError(.fileWriteUnknown)
    }
  }

  /// Makes room again.
  public func free() throws { try FileManager.default.removeItem(atPath: ballast) }

  private static func mount(_ folder: String, megabytes: Int) -> Bool {
    run("/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=755", "tmpfs", folder)
  }

  private static func run(_ program: String, _ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
