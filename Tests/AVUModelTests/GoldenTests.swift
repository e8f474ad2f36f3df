import AVUModel
import Foundation
import Testing

struct GoldenTests {
  @Test func `every block gives the numbers of its definition`() throws {
    let differences = try ModelVerification.run(model: Fixture.model(), goldens: Fixture.goldens)
    #expect(differences.count == 56)
    #expect(differences.filter { $0.tolerance == 0 }.count == 8)
    for difference in differences {
      #expect(difference.isWithinTolerance, "\(difference)")
      #expect(difference.tolerance <= 1e-4)
    }
  }

  @Test func `weights with a damaged value do not pass`() throws {
    let folder = try ModelFolder()
    // The last tensor is the position of visual tokens: no block before it is touched.
    try folder.change("model.safetensors") { $0[$0.count - 1] ^= 0x40 }
    let differences = try ModelVerification.run(
      model: AVUFormer(directory: folder.path), goldens: Fixture.goldens)
    let failed = differences.filter { !$0.isWithinTolerance }.map(\.block)
    #expect(failed.contains("0.visual_projection") && failed.contains("1.mask_decoder.union"))
    #expect(!failed.contains("0.visual_encoder.f32"))
  }

  @Test func `goldens of another model are refused`() throws {
    let model = try Fixture.model()
    #expect(throws: ModelError.self) {
      try ModelVerification.run(
        model: model, goldens: Fixture.directory + "/model.safetensors")
    }
    #expect(throws: ModelError.self) {
      try ModelVerification.run(model: model, goldens: "/no/such/file")
    }
  }
}
