import Foundation
import Testing

@testable import ReportSite

struct DisplayTextTests {
  @Test func `Decimals are those of printf, ties and signs included`() {
    var random = SystemRandomNumberGenerator()
    let drawn = (0..<20_000).map { _ in Double(bitPattern: random.next()) }
    let near = (0..<20_000).map { _ in Double(Int.random(in: -4000...4000, using: &random)) / 16 }
    let exact = (0..<2000).map { _ in Double.random(in: -1000...1000, using: &random) }
    let edges = [
      0, -0.0, 0.5, 1.5, 2.5, 0.0005, 0.125, 1e-300, .leastNonzeroMagnitude, 0x1p40, -0x1p39, 1e20,
    ]
    for value in (drawn + near + exact + edges).filter(\.isFinite) {
      for decimals in 0...6 {
        #expect(
          DisplayText.fixed(value, decimals) == String(format: "%.\(decimals)f", value),
          "\(value) with \(decimals) decimals")
      }
    }
  }

  @Test func `Clocks, lengths and shares`() {
    #expect(DisplayText.clock(0) == "0:00.0")
    #expect(DisplayText.clock(754.26) == "12:34.3")
    #expect(DisplayText.duration(12.34) == "12.3 s")
    #expect(DisplayText.duration(7200) == "2.0 h")
    #expect(DisplayText.percent(0.001) == "<1 %")
    #expect(DisplayText.percent(0.456) == "46 %")
    #expect(DisplayText.signed(-0.0001, 3) == "±0.000")
  }

  @Test func `A quotation mark under a combining accent is escaped`() {
    #expect(DisplayText.escaped("\"\u{301} & <b>'é'") == "&quot;\u{301} &amp; &lt;b&gt;&#39;é&#39;")
  }
}
