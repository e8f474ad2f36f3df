import Foundation
import Glibc

/// The directory of the private server's socket.
///
/// A socket's path has at most 107 bytes, so it cannot live below any `AVU_HOME`. It is below
/// `/tmp` and not `XDG_RUNTIME_DIR`, which vanishes at logout while the server runs on. Its name
/// cannot be guessed, nobody else can enter it, and one made by somebody else is never used.
enum SocketDirectory {
  /// The recorded directory if it is still good or can be made again, so that programs which are
  /// at work find a server that was stopped and started; else a new one, recorded in `cluster`.
  static func prepare(
    recordedIn cluster: String, for account: ServerAccount
  ) throws(PostgresError) -> String {
    let record = cluster + "/socket-directory"
    if let path = try? String(contentsOfFile: record, encoding: .utf8),
      path.hasPrefix("/tmp/avu-"),
      isGood(path, owner: account.owner.user) || make(path, for: account)
    {
      // The caller knows that no server runs. The next one would still be put off by the lock of
      // one that was killed, as long as nobody has collected the dead process.
      unlink(path + "/.s.PGSQL.5432.lock")
      unlink(path + "/.s.PGSQL.5432")
      return path
    }
    let path = "/tmp/avu-" + String(UInt64.random(in: .min ... .max), radix: 36)
    guard make(path, for: account) else {
      throw .cluster(.directory(path: path, reason: String(cString: strerror(errno))))
    }
    do {
      try path.write(toFile: record, atomically: true, encoding: .utf8)
    } catch {
      throw .cluster(.directory(path: record, reason: "it cannot be written"))
    }
    return path
  }

  /// Makes a directory that did not exist before.
  private static func make(_ path: String, for account: ServerAccount) -> Bool {
    mkdir(path, 0o700) == 0 && chown(path, account.owner.user, account.owner.group) == 0
  }

  private static func isGood(_ path: String, owner: uid_t) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
      && info.st_mode & S_IFMT == S_IFDIR && info.st_uid == owner && info.st_mode & 0o077 == 0
  }
}
