import Foundation
import Media

/// The reason of the last failed system call, for errors.
func lastSystemFailure() -> String { systemReason(errno) }
