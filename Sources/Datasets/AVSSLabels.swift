import Annotations
import Evaluation
import Foundation
import Media

/// The classes of AVSBench-semantic and their colours in its label maps.
///
/// `label2idx.json` numbers the classes. A label map has, for each pixel, the colour of its class: the
/// palette that PASCAL VOC has, in which number 0 is black.
struct AVSSLabels {
  /// The names of the classes by number.
  let names: [String]

  /// The number of what is no object: that of the class `background`, else 0, which is black.
  let background: Int

  /// - Parameter names: The names of the classes by number.
  init(names: [String]) {
    self.names = names
    background = names.firstIndex(of: ClassScore.background) ?? 0
  }

  /// Reads `label2idx.json`.
  ///
  /// - Throws: ``DatasetError`` when the numbers are not those from 0 on.
  init(file: String) throws(DatasetError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .missing(file: file, what: "the list of AVSBench-semantic's classes")
    }
    guard let numbers = try? JSONDecoder().decode([String: Int].self, from: data),
      Set(numbers.values) == Set(0..<numbers.count), (2...256).contains(numbers.count)
    else {
      throw .unreadable(
        file: file, reason: "it must give classes the numbers from 0 on, as {\"background\": 0, …}")
    }
    self.init(names: numbers.sorted { $0.value < $1.value }.map(\.key))
  }

  /// The file's content.
  var document: [String: Int] {
    Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  /// Red, green and blue of a class.
  ///
  /// Bits 0, 3 and 6 of the number are the highest bits of red, bits 1, 4 and 7 of green, 2 and 5 of
  /// blue.
  static func colour(_ number: Int) -> [UInt8] {
    var colour: [UInt8] = [0, 0, 0]
    for bit in 0..<8 where number >> bit & 1 == 1 { colour[bit % 3] |= 0x80 >> (bit / 3) }
    return colour
  }

  /// The classes of a label map's pixels; a colour of no class is taken for number 0, as AVSBench's
  /// loader does.
  func numbers(in map: RGBImage) -> [UInt8] {
    var byColour: [UInt32: UInt8] = [:]
    for number in names.indices {
      byColour[Self.key(Self.colour(number)[...])] = UInt8(number)
    }
    return stride(from: 0, to: map.pixels.count, by: 3).map {
      byColour[Self.key(map.pixels[$0..<$0 + 3])] ?? 0
    }
  }

  private static func key(_ colour: ArraySlice<UInt8>) -> UInt32 {
    colour.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The objects of a label map, by number of their class.
  func objects(in numbers: [UInt8], width: Int, height: Int) -> [TrueObject] {
    Set(numbers).subtracting([UInt8(background)]).sorted().map { number in
      TrueObject(
        category: names[Int(number)],
        mask: RunLengthMask(
          BinaryMask(
            width: width, height: height, pixels: numbers.map { $0 == number ? 1 : 0 })))
    }
  }
}
