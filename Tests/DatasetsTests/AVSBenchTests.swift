import Annotations
import Datasets
import Evaluation
import Foundation
import Testing

struct AVSBenchTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let left: [UInt8] = [1, 1, 0, 0, 1, 1, 0, 0]
  private static let none: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]

  private func addSingleSource() throws {
    try folder.write(
      """
      name,start,category,split
      -abc_1,1000,playing_violin,train
      def,2000,dog_barking,test

      """, to: "s4/s4_meta_data.csv")
    try folder.addMask("s4/s4_data/gt_masks/train/playing_violin/-abc_1/-abc_1_1.png", Self.left)
    for second in 1...5 {
      try folder.addMask(
        "s4/s4_data/gt_masks/test/dog_barking/def/def_\(second).png",
        second == 2 ? Self.none : Self.left)
    }
    try folder.write("a video", to: "s4/s4_data/raw_videos/test/dog_barking/def.mp4")
  }

  private func importSingleSource() throws -> ConversionOutcome {
    try AVSBenchImport(.s4, from: folder.path + "/s4", to: folder.path + "/out").run()
  }

  @Test func `S4 becomes clip folders with splits, categories and AVSBench's moments`() throws {
    try addSingleSource()
    let outcome = try importSingleSource()
    #expect(outcome.written == 2)
    #expect(outcome.problems.count == 1 && outcome.problems[0].contains("-abc_1.mp4 is missing"))
    let dataset = try DatasetFolder(path: folder.path + "/out")
    #expect(dataset.description?.splits == ["train": ["-abc_1"], "test": ["def"]])
    #expect(dataset.description?.categories == ["dog_barking", "playing_violin"])
    #expect(dataset.description?.maskSize == [4, 2])
    let clips = try dataset.clips.map { try $0.truth() }
    #expect(clips.map(\.frameTimes.count) == [1, 5])
    #expect(clips[1].frameTimes == [0.9375, 1.9375, 2.9375, 3.9375, 4.9375])
    #expect(clips[1].sounding == [true, false, true, true, true])
    #expect(try clips[1].masks?[0]?.decoded().pixels == Self.left)
    #expect(try folder.text("out/def/video.mp4") == "a video")
    // A second run writes nothing again.
    let again = try importSingleSource()
    #expect(again.written == 0 && again.present == 2)
  }

  @Test func `what comes out is what went in`() throws {
    try addSingleSource()
    _ = try importSingleSource()
    let outcome = try AVSBenchExport(.s4, to: folder.path + "/back").run(
      DatasetFolder(path: folder.path + "/out"))
    #expect(outcome.written == 2 && outcome.problems.isEmpty)
    #expect(try folder.text("back/s4_meta_data.csv").contains("def,0,dog_barking,test"))
    #expect(try folder.text("back/s4_data/raw_videos/test/dog_barking/def.mp4") == "a video")
    _ = try AVSBenchImport(.s4, from: folder.path + "/back", to: folder.path + "/again").run()
    let first = try DatasetFolder(path: folder.path + "/out").clips.map { try $0.truth() }
    let second = try DatasetFolder(path: folder.path + "/again").clips.map { try $0.truth() }
    #expect(first == second)
  }

  @Test func `MS3 has masks by split and no category`() throws {
    try folder.write("name,split\nx,val\n", to: "ms3/ms3_meta_data.csv")
    for second in 1...5 {
      try folder.addMask("ms3/ms3_data/gt_masks/val/x/x_\(second).png", Self.left)
    }
    let outcome = try AVSBenchImport(.ms3, from: folder.path + "/ms3", to: folder.path + "/out")
      .run()
    #expect(outcome.written == 1)
    let clip = try #require(DatasetFolder(path: folder.path + "/out").clips.first).truth()
    #expect(clip.category == nil && clip.masks?.count == 5)
  }

  @Test func `missing and damaged masks and short rows are listed, and the rest is imported`()
    throws
  {
    try addSingleSource()
    let files = FileManager.default
    try files.removeItem(
      atPath: folder.path + "/s4/s4_data/gt_masks/train/playing_violin/-abc_1/-abc_1_1.png")
    try folder.write(
      try folder.text("s4/s4_meta_data.csv") + "short,1\n", to: "s4/s4_meta_data.csv")
    let outcome = try importSingleSource()
    #expect(outcome.written == 1 && outcome.problems.count == 2)
    #expect(outcome.problems[0].contains("-abc_1_1.png") && outcome.problems[1].contains("line 4"))
    #expect(throws: DatasetError.self) {
      try AVSBenchImport(.ms3, from: folder.path + "/s4", to: folder.path + "/no").run()
    }
  }

  @Test func `a clip that does not fit the layout is not exported but listed`() throws {
    let truth = ClipTruth(
      id: try ClipID("a"), frameTimes: [0.5], sounding: [true], captions: [["A dog."]])
    try folder.write(try JSONEncoder().encode(truth), to: "out/a/annotation.json")
    let outcome = try AVSBenchExport(.s4, to: folder.path + "/back").run(
      DatasetFolder(path: folder.path + "/out"))
    #expect(outcome.written == 0 && outcome.problems.count == 1)
    #expect(outcome.problems[0].contains("needs 5 masks"))
  }

  @Test func `moments for which AVSBench has no place are counted`() throws {
    let mask = RunLengthMask(BinaryMask(width: 4, height: 2, pixels: Self.left))
    for (id, unknown) in [("a", 6), ("b", 2)] {
      var truth = ClipTruth(
        id: try ClipID(id), frameTimes: (0..<7).map { Double($0) + 0.5 },
        sounding: [Bool](repeating: true, count: 7), captions: [[String]](repeating: [], count: 7))
      truth.masks = (0..<7).map { $0 == unknown ? nil : mask }
      try folder.write(try JSONEncoder().encode(truth), to: "out/\(id)/annotation.json")
    }
    let outcome = try AVSBenchExport(.ms3, to: folder.path + "/back").run(
      DatasetFolder(path: folder.path + "/out"))
    #expect(outcome.written == 1 && outcome.cutClips == 1 && outcome.droppedMoments == 2)
    #expect(outcome.problems.count == 1 && outcome.problems[0].contains("4 have one"))
  }
}
