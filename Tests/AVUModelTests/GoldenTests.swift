import AVUModel
import Testing

struct GoldenTests {
  @Test func `every block gives the numbers of its definition`() throws {
    let differences = try ModelVerification.run(
      model: Fixture.model(), goldens: Fixture.goldens)
    #expect(differences.count == 50)
    for difference in differences {
      #expect(difference.isWithinTolerance, "\(difference)")
    }
  }
}
