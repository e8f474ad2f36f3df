import Foundation
import Testing

@testable import Evaluation

struct DatasetStatisticsTests {
  private let files: TemporaryDataset

  init() throws { files = try TemporaryDataset() }

  @Test func `a data set is counted`() throws {
    try files.addTruth("a")
    try files.addTruth("b", category: "flute")
    try files.write(
      """
      {"id": "b", "category": "flute", "frame_times": [0.5, 1.5], "sounding": [true, true],
       "captions": [["A flute plays.", "Someone is playing the flute."], "A flute plays."]}
      """, to: "truth/b/annotation.json")
    try files.write(#"{"splits": {"test": ["b"]}}"#, to: "truth/dataset.json")
    let numbers = DatasetStatistics(of: try DatasetFolder(path: files.truth))
    #expect(numbers.clips == 2)
    #expect(numbers.moments == 4)
    #expect(numbers.soundingMoments == 3)
    #expect(numbers.masks == 4)
    // Two masks cover half of the frame; the empty ones do not count.
    #expect(numbers.meanCoverage == 0.5)
    #expect(numbers.sentences == 4)
    #expect(numbers.distinctSentences == 3)
    // 4 + 3 + 5 + 3 words; the, dog, is, barking, a, flute, plays, someone, playing.
    #expect(numbers.meanWords == 3.75)
    #expect(numbers.vocabulary == 9)
    #expect(numbers.categories == ["dog barking": 1, "flute": 1])
    #expect(numbers.splits == ["test": 1])
    #expect(numbers.unreadable.isEmpty)
  }

  @Test func `a clip that cannot be read is listed and not counted`() throws {
    try files.addTruth("a")
    try files.addTruth("b")
    try FileManager.default.removeItem(atPath: files.truth + "/b/masks/00001.png")
    let numbers = DatasetStatistics(of: try DatasetFolder(path: files.truth))
    #expect(numbers.clips == 1)
    #expect(numbers.moments == 2)
    #expect(numbers.unreadable.map(\.clip) == ["b"])
  }
}
