public import Evaluation
import Foundation

/// What a published data set is said to hold: its classes by major category and its size.
///
/// Definitions ship with avu as `experiments/datasets/*.json`.
public struct DatasetDefinition: Codable, Hashable, Sendable {
  /// A major category with its classes.
  public struct Group: Codable, Hashable, Sendable {
    /// The major category.
    public let name: String

    /// Its classes.
    public let classes: [String]
  }

  /// The data set's name.
  public let name: String

  /// Where this was published.
  public let source: String

  /// How many clips it has.
  public let samples: Int

  /// The major categories.
  public let groups: [Group]

  /// Sizes of the splits, where they are published.
  public let splits: [String: Int]?

  /// What readers must know, a sentence each.
  public let notes: [String]

  /// All classes.
  public var classes: [String] { groups.flatMap(\.classes) }

  /// Reads a shipped definition.
  ///
  /// - Parameters:
  ///   - name: Its file's name without the extension, for example `f-music`.
  ///   - share: The folder of what ships with avu.
  /// - Throws: An error that names the definitions that there are.
  public init(named name: String, in share: String) throws(DatasetError) {
    let folder = share + "/experiments/datasets"
    let known = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    guard known.contains(name),
      let data = FileManager.default.contents(atPath: "\(folder)/\(name).json")
    else {
      throw .missing(
        file: "\(folder)/\(name).json",
        what: "one of the definitions \(known.joined(separator: ", "))")
    }
    do {
      self = try JSONDecoder().decode(DatasetDefinition.self, from: data)
    } catch {
      throw .unreadable(file: "\(folder)/\(name).json", reason: "it defines no data set")
    }
  }
}

/// A data set beside its definition.
public struct DefinitionComparison: Codable, Hashable, Sendable {
  /// The definition's name.
  public let definition: String

  /// Clips that can be read.
  public let clips: Int

  /// Clips that the definition names.
  public let samples: Int

  /// Clips of each major category, in the definition's order.
  public let groups: [GroupCount]

  /// Classes of which there is no clip.
  public let missingClasses: [String]

  /// Categories of clips that are no classes of the definition, with the number of their clips.
  public let unknownCategories: [String: Int]

  /// A major category's share.
  public struct GroupCount: Codable, Hashable, Sendable {
    /// The major category.
    public let name: String

    /// Its clips.
    public let clips: Int

    /// Its classes that have a clip, and all of them.
    public let classes: [Int]
  }

  private enum CodingKeys: String, CodingKey {
    case definition, clips, samples, groups
    case missingClasses = "missing_classes"
    case unknownCategories = "unknown_categories"
  }

  /// Compares; names of classes are compared without regard to case, `_` and spaces being the same.
  public init(of numbers: DatasetStatistics, with definition: DatasetDefinition) {
    var counts: [String: Int] = [:]
    for (category, clips) in numbers.categories { counts[Self.key(category), default: 0] += clips }
    let known = Set(definition.classes.map(Self.key))
    self.definition = definition.name
    clips = numbers.clips
    samples = definition.samples
    groups = definition.groups.map { group in
      let found = group.classes.map { counts[Self.key($0)] ?? 0 }
      return GroupCount(
        name: group.name, clips: found.reduce(0, +),
        classes: [found.count { $0 > 0 }, found.count])
    }
    missingClasses = definition.classes.filter { counts[Self.key($0)] == nil }
    unknownCategories = numbers.categories.filter { !known.contains(Self.key($0.key)) }
  }

  private static func key(_ name: String) -> String {
    name.lowercased().replacing("_", with: " ")
  }
}
