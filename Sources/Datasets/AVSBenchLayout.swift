/// The layouts of AVSBench's binary subsets on disk, as its loaders read them.
///
/// S4: `s4_meta_data.csv` (id, start, category, split) beside
/// `s4_data/gt_masks/{split}/{category}/{id}/{id}_{1…5}.png` and
/// `s4_data/raw_videos/{split}/{category}/{id}.mp4`; of the training split only the first frame has a
/// mask. MS3: `ms3_meta_data.csv` (id, split) beside `ms3_data/gt_masks/{split}/{id}/{id}_{1…5}.png`
/// and `ms3_data/raw_videos/{id}.mp4`.
public enum AVSBenchLayout: String, CaseIterable, Sendable {
  /// One source a clip.
  case s4 = "avsbench-s4"

  /// Several sources a clip.
  case ms3 = "avsbench-ms3"

  /// A clip of AVSBench's list.
  struct Entry: Hashable {
    var id: String
    var category: String?
    var split: String
  }

  /// The list of clips.
  var table: String { self == .s4 ? "s4_meta_data.csv" : "ms3_meta_data.csv" }

  private var folder: String { self == .s4 ? "s4_data" : "ms3_data" }

  /// Where in each of the five seconds AVSBench takes its frame: the last of 16 positions.
  static let offset = 15.0 / 16

  /// The mask of the frame of one second, from 1.
  func mask(_ second: Int, of entry: Entry) -> String {
    let clip = entry.category.map { "\($0)/\(entry.id)" } ?? entry.id
    return "\(folder)/gt_masks/\(entry.split)/\(clip)/\(entry.id)_\(second).png"
  }

  /// The clip's video.
  func video(of entry: Entry) -> String {
    guard let category = entry.category else { return "\(folder)/raw_videos/\(entry.id).mp4" }
    return "\(folder)/raw_videos/\(entry.split)/\(category)/\(entry.id).mp4"
  }

  /// How many seconds of a clip have a mask.
  func maskCount(of entry: Entry) -> Int { self == .s4 && entry.split == "train" ? 1 : 5 }

  /// The clip of a row of the list; nil when fields are missing.
  func entry(_ row: [String]) -> Entry? {
    switch self {
    case .s4 where row.count >= 4: Entry(id: row[0], category: row[2], split: row[3])
    case .ms3 where row.count >= 2: Entry(id: row[0], split: row[1])
    default: nil
    }
  }

  /// The fields of the row of a clip.
  func row(_ entry: Entry) -> [String] {
    self == .s4 ? [entry.id, "0", entry.category ?? "", entry.split] : [entry.id, entry.split]
  }

  /// The list's header.
  var header: String { self == .s4 ? "name,start,category,split" : "name,split" }
}
