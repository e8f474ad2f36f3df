import Datasets

/// How a data set compares with its definition, for people.
struct DefinitionTables {
  private let comparison: DefinitionComparison

  init(_ comparison: DefinitionComparison) { self.comparison = comparison }

  /// Prints major categories, missing classes and unknown categories.
  func print() {
    Console.print("")
    Console.print("\(comparison.definition): \(comparison.clips) of \(comparison.samples) clips")
    Console.print(
      table: ["major category", "clips", "classes found", "classes"],
      rows: comparison.groups.map { group in
        [group.name, "\(group.clips)", "\(group.classes[0])", "\(group.classes[1])"]
      })
    if !comparison.missingClasses.isEmpty {
      Console.print("no clip of: \(comparison.missingClasses.joined(separator: ", "))")
    }
    for (category, clips) in comparison.unknownCategories.sorted(by: { $0.key < $1.key }) {
      Console.print(
        "no class of \(comparison.definition): \(category.printable), \(counted(clips, "clip"))")
    }
  }
}
