import Foundation
import Glibc

/// Who the private server runs as: PostgreSQL refuses to run as root.
enum ServerAccount: Equatable {
  /// The user who runs this program.
  case caller

  /// Root becomes another user; with `everywhere` it keeps the right to enter directories that
  /// are closed to that user, such as those below `/root`.
  case user(uid_t, gid_t, everywhere: Bool)

  /// Root stays the owner of the files but is an ordinary user in a namespace of its own.
  case namespace

  /// Who owns the server's files.
  var owner: (user: uid_t, group: gid_t) {
    switch self {
    case .caller, .namespace: (geteuid(), getegid())
    case .user(let user, let group, _): (user, group)
    }
  }

  /// A command line that runs `command` as this account.
  func command(_ command: [String]) -> [String] {
    switch self {
    case .caller: return command
    case .namespace:
      return ["unshare", "--user", "--map-user=1000", "--map-group=1000"] + command
    case .user(let user, let group, let everywhere):
      let rights = everywhere ? ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"] : []
      return ["setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups"] + rights + command
    }
  }

  /// The first account that can write in `directory`, which is handed to it; `existing` is the
  /// owner of data that is already there.
  static func choose(
    for directory: String, existing: (user: uid_t, group: gid_t)?
  ) throws(PostgresError) -> ServerAccount {
    guard geteuid() == 0 else { return .caller }
    for account in candidates(existing) {
      let owner = account.owner
      guard chown(directory, owner.user, owner.group) == 0 else { continue }
      if account.canWrite(in: directory) { return account }
    }
    throw .cluster(.rootRefused(path: directory))
  }

  private static func candidates(_ existing: (user: uid_t, group: gid_t)?) -> [ServerAccount] {
    if let existing, existing.user == 0 { return [.namespace] }
    if let existing { return forms(existing.user, existing.group) }
    guard let postgres = getpwnam("postgres")?.pointee else { return [.namespace] }
    var all = forms(postgres.pw_uid, postgres.pw_gid)
    all.insert(.namespace, at: 1)
    return all
  }

  private static func forms(_ user: uid_t, _ group: gid_t) -> [ServerAccount] {
    [.user(user, group, everywhere: false), .user(user, group, everywhere: true)]
  }

  private func canWrite(in directory: String) -> Bool {
    let script = "cd \"$1\" && : > .probe && rm .probe"
    return ChildProcess.run(command(["/bin/sh", "-c", script, "sh", directory]), in: "/").succeeded
  }
}
