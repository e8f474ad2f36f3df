import Annotations
import Foundation
import SyntheticData
import Testing

@testable import ReportSite

/// Lists of thousands of clips in a real browser, by double-click.
///
/// `AVU_TEST_CLIPS` makes it another number: with 100000 the budgets for that size must hold, too.
@Suite(.enabled(if: Browser.isPossible, "skipped, needs chromium and playwright for Python"))
struct BrowsingTests {
  @Test(.timeLimit(.minutes(60)))
  func `Facets, search, order and pages show what the data hold, all of it in the address`()
    async throws
  {
    let named = ProcessInfo.processInfo.environment["AVU_TEST_CLIPS"]
    let count = named.flatMap { Int($0) } ?? 2200
    let folder = try TestFolder()
    let source = SyntheticSource([
      "big": SyntheticCollection(count: count, frames: 4),
      "small one": SyntheticCollection(count: 90, frames: 4, seed: 7),
    ])
    _ = try await folder.generator.build(source.snapshot, source: source)
    let (status, output) = try Browser.check(site: folder.site, with: "check_browsing.py")
    #expect(status == 0, "\(output)")
    if named != nil { print(output) }
  }
}
