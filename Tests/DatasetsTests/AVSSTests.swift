import Annotations
import Datasets
import Evaluation
import Foundation
import Media
import Testing

/// AVSBench-semantic in and out.
struct AVSSTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // The palette of PASCAL VOC: black, dark red, dark green, olive.
  private static let palette: [[UInt8]] = [[0, 0, 0], [128, 0, 0], [0, 128, 0], [128, 128, 0]]

  private func addMap(_ path: String, _ indices: [UInt8]) throws {
    let png = try PNGCodec.encodeIndexed(
      width: 4, height: 2, indices: indices, palette: Self.palette)
    try folder.write(Data(png), to: "avss/\(path)")
  }

  private func addClips() throws {
    try folder.write(
      #"{"background": 0, "cat": 2, "dog": 1, "violin": 3}"#, to: "avss/label2idx.json")
    try folder.write(
      """
      vid,uid,a_obj,split,label
      1,one,"dog, cat",train,v1s
      2,two,dog,test,v1s
      3,many,"dog, violin",val,v2
      4,gone,cat,test,v1m
      """, to: "avss/metadata.csv")
    try addMap("v1s/one/labels_rgb/0.png", [0, 0, 1, 1, 0, 0, 2, 2])
    for second in 0..<5 {
      try addMap("v1s/two/labels_rgb/\(second).png", [1, 0, 0, 0, 0, 0, 0, 0])
    }
    for second in 0..<10 {
      let map: [UInt8] = second == 9 ? [0, 0, 0, 0, 0, 0, 0, 0] : [1, 1, 3, 3, 0, 0, 0, 0]
      try addMap("v2/many/labels_rgb/\(second).png", map)
    }
  }

  private func importClips() throws -> ConversionOutcome {
    try AVSSImport(from: folder.path + "/avss", to: folder.path + "/out").run()
  }

  @Test func `label maps become objects of their classes, and what is missing is listed`() throws {
    try addClips()
    let outcome = try importClips()
    #expect(outcome.written == 3 && outcome.problems.count == 1)
    #expect(outcome.problems[0].contains("gone") && outcome.problems[0].contains("0.png"))
    let dataset = try DatasetFolder(path: folder.path + "/out")
    #expect(dataset.description?.categories == ["background", "dog", "cat", "violin"])
    #expect(dataset.description?.splits == ["train": ["one"], "test": ["two"], "val": ["many"]])
    let clips = Dictionary(
      uniqueKeysWithValues: try dataset.clips.map { ($0.name, try $0.truth()) })
    #expect(clips["one"]?.objects?.map { $0.map(\.category) } == [["dog", "cat"]])
    #expect(clips["one"]?.category == nil && clips["two"]?.category == "dog")
    #expect(try clips["one"]?.masks?[0]?.decoded().pixels == [0, 0, 1, 1, 0, 0, 1, 1])
    #expect(
      try clips["many"]?.objects?[0][1].mask.decoded().pixels == [0, 0, 1, 1, 0, 0, 0, 0])
    #expect(clips["many"]?.sounding == [Bool](repeating: true, count: 9) + [false])
    #expect(clips["many"]?.frameTimes.count == 10)
    #expect(DatasetValidation.problems(of: dataset).isEmpty)
    #expect(try importClips().present == 3)
  }

  @Test func `what comes out is what went in, in AVSBench's colours`() throws {
    try addClips()
    _ = try importClips()
    let outcome = try AVSSExport(to: folder.path + "/back").run(
      DatasetFolder(path: folder.path + "/out"))
    #expect(outcome.written == 3 && outcome.problems.isEmpty)
    #expect(
      try folder.text("back/metadata.csv") == """
        uid,label,split
        many,v2,val
        one,v1s,train
        two,v1s,test

        """)
    for map in ["v1s/one/labels_rgb/0.png", "v2/many/labels_rgb/9.png"] {
      #expect(
        try PNGCodec.decodeRGB(path: folder.path + "/back/" + map)
          == PNGCodec.decodeRGB(path: folder.path + "/avss/" + map))
    }
    _ = try AVSSImport(from: folder.path + "/back", to: folder.path + "/again").run()
    let first = try DatasetFolder(path: folder.path + "/out").clips.map { try $0.truth() }
    let second = try DatasetFolder(path: folder.path + "/again").clips.map { try $0.truth() }
    #expect(first == second)
  }

  @Test func `classes that are not numbered, and columns that are not named, are refused`() throws {
    try addClips()
    try folder.write(#"{"background": 0, "dog": 2}"#, to: "avss/label2idx.json")
    #expect(throws: DatasetError.self) { try importClips() }
    try folder.write(#"{"background": 0, "dog": 1}"#, to: "avss/label2idx.json")
    try folder.write("name,split\none,test\n", to: "avss/metadata.csv")
    #expect(throws: DatasetError.self) { try importClips() }
  }

  @Test func `a clip without objects, of another length or of an unknown class is not exported`()
    throws
  {
    let mask = RunLengthMask(BinaryMask(width: 4, height: 2, pixels: [1, 1, 0, 0, 0, 0, 0, 0]))
    func add(_ name: String, _ objects: [[TrueObject]]?, count: Int) throws {
      let truth = ClipTruth(
        id: try ClipID(name), frameTimes: (0..<count).map(Double.init),
        sounding: [Bool](repeating: true, count: count), captions: (0..<count).map { _ in [] },
        masks: (0..<count).map { _ in mask }, objects: objects)
      try folder.write(try JSONEncoder().encode(truth), to: "out/\(name)/annotation.json")
    }
    let dog = TrueObject(category: "dog", mask: mask)
    try folder.write(#"{"categories": ["dog"]}"#, to: "out/dataset.json")
    try add("plain", nil, count: 5)
    try add("short", [[dog], [dog]], count: 2)
    try add("strange", [[TrueObject(category: "cow", mask: mask)]] + [[], [], [], []], count: 5)
    try add("sound", [[dog], [], [dog], [dog], [dog]], count: 5)
    let outcome = try AVSSExport(to: folder.path + "/back").run(
      DatasetFolder(path: folder.path + "/out"))
    #expect(outcome.written == 1 && outcome.problems.count == 3)
    for (problem, words) in zip(outcome.problems, ["objects", "2", "cow"]) {
      #expect(problem.contains(words), "\(problem)")
    }
    #expect(try folder.text("back/metadata.csv").contains("sound,v1m,test"))
  }
}
