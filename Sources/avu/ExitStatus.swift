import ArgumentParser
import Datasets
import Evaluation
import Jobs
import Media
import Postgres
import ReportSite

/// How the program ends; scripts rely on these numbers.
enum ExitStatus: Int32 {
  /// A gate or check failed, or a service that is needed is down.
  case failed = 1

  /// The input or the usage is wrong.
  case usage = 2

  /// Finished, but some items failed; they are listed.
  case partial = 3

  /// Interrupted from the keyboard.
  case interrupted = 130

  /// The status that an error ends the program with.
  init(for error: any Error) {
    switch error {
    case is PostgresError, is JobQueueError: self = .failed
    // What ended a worker process; a permanent failure is the video's own fault.
    case let failure as JobFailure where !failure.isPermanent: self = .failed
    case let error as SiteError: self = Self.status(of: error)
    // A full disk is no fault of the command line.
    case EvaluationError.temporaryFile: self = .failed
    case CommandError.unwritable(_, let reason) where reason.isFullDisk: self = .failed
    case DatasetError.unwritable(_, let reason) where reason.isFullDisk: self = .failed
    case EvaluationError.unwritable(_, let reason) where reason.isFullDisk: self = .failed
    default: self = .usage
    }
  }

  /// A full disk, a host's limits and another build are no fault of the command line.
  private static func status(of error: SiteError) -> ExitStatus {
    switch error {
    case .cannotWrite, .cannotRead, .tooMuch, .alreadyBuilding: .failed
    case .badTemplate, .missingAsset, .tooLarge, .notASite, .duplicate: .usage
    }
  }

  /// What a command throws to end the program without a message.
  var exitCode: ExitCode { ExitCode(rawValue) }
}
