import Media

/// A mistake of the person who typed the command, or a machine that lacks something.
enum CommandError: Error {
  /// `avu.yaml` cannot be used.
  case configuration(file: String, reason: String)

  /// The program's own files are not where they should be.
  case shareNotFound(program: String)

  /// An argument holds nothing.
  case emptyArgument

  /// An option's value makes no sense.
  case option(name: String, reason: String)

  /// Nothing has this name.
  case notFound(what: String, name: String, known: [String])

  /// A command needs something that this machine lacks.
  case missing(what: String, remedy: String)

  /// A file or folder cannot be written.
  case unwritable(path: String, reason: FileReason)
}

extension CommandError: CustomStringConvertible {
  /// One sentence that says what to do.
  var description: String {
    switch self {
    case .configuration(let file, let reason):
      "\(file) cannot be used: \(reason)."
    case .shareNotFound(let program):
      "The folders migrations, templates, public and models were not found near \(program); set "
        + "AVU_SHARE to the folder that holds them."
    case .emptyArgument:
      "An argument is empty; give a value, or see which variable of the command line is not set."
    case .option(let name, let reason):
      "\(name): \(reason)."
    case .notFound(let what, let name, let known):
      "There is no \(what) “\(name)”"
        + (known.isEmpty ? "; there is none at all." : "; known: \(known.joined(separator: ", ")).")
    case .missing(let what, let remedy):
      "\(what); \(remedy)."
    case .unwritable(let path, let reason):
      "\(path) cannot be written (\(reason)); make room or choose another folder."
    }
  }
}
