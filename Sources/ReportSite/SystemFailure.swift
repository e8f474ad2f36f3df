import Foundation

/// The reason of the last failed system call, for errors.
func lastSystemFailure() -> String { String(cString: strerror(errno)) }
