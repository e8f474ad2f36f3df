import Datasets
import Evaluation
import Foundation
import Testing

struct DatasetDefinitionTests {
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  @Test(arguments: [
    ("f-music", 3976, ["String": 9, "Percussion": 3, "Keyboard": 2, "Wind": 8]),
    (
      "f-lifescene", 6156,
      ["Human": 13, "Vehicle": 13, "Animal": 10, "Sport": 2, "Tool": 14, "Nature": 3, "Other": 6]
    ),
  ])
  func `the paper's data sets have its classes, major categories and sizes`(
    _ name: String, _ samples: Int, _ groups: [String: Int]
  ) throws {
    let definition = try DatasetDefinition(named: name, in: Self.checkout)
    #expect(definition.samples == samples)
    #expect(
      Dictionary(uniqueKeysWithValues: definition.groups.map { ($0.name, $0.classes.count) })
        == groups)
    #expect(Set(definition.classes).count == groups.values.reduce(0, +))
    #expect(definition.splits == nil && !definition.notes.isEmpty)
  }

  @Test func `a name that is none is answered with those that are`() throws {
    let error = #expect(throws: DatasetError.self) {
      try DatasetDefinition(named: "f-musik", in: Self.checkout)
    }
    #expect(error?.description.contains("f-lifescene, f-music") == true)
  }

  @Test func `a data set is compared by class and major category`() throws {
    let folder = try TemporaryFolder()
    for (name, category) in [("a", "violin"), ("b", "Violin"), ("c", "tuba"), ("d", "kazoo")] {
      try folder.write(
        #"{"id": "\#(name)", "category": "\#(category)", "frame_times": [], "sounding": []}"#,
        to: "\(name)/annotation.json")
    }
    let comparison = DefinitionComparison(
      of: DatasetStatistics(of: try DatasetFolder(path: folder.path)),
      with: try DatasetDefinition(named: "f-music", in: Self.checkout))
    #expect(comparison.clips == 4 && comparison.samples == 3976)
    #expect(comparison.groups.map(\.clips) == [2, 0, 0, 1])
    #expect(comparison.groups[0].classes == [1, 9])
    #expect(comparison.missingClasses.count == 20)
    #expect(comparison.unknownCategories == ["kazoo": 1])
  }
}
