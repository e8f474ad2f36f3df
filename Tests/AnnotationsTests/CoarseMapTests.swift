import Annotations
import Foundation
import Testing

/// How sure a model is of each place.
@Suite struct CoarseMapTests {
  @Test func `Cells hold the means of their places`() throws {
    let map = CoarseMap(width: 48, height: 20) { x, _ in x < 24 ? 1 : 0.5 }
    #expect(map.size == [16, 16])
    let cells = try #require(map.cells)
    #expect(Array(cells[..<8]) == Array(repeating: 255, count: 8))
    #expect(Array(cells[8..<16]) == Array(repeating: 128, count: 8))
  }

  @Test func `A small grid stays as it is, and no value leaves its range`() throws {
    let map = CoarseMap(width: 3, height: 2) { x, y in Float(x) - Float(y) }
    #expect(map.size == [2, 3])
    #expect(try #require(map.cells) == [0, 255, 255, 0, 0, 255])
  }

  @Test(arguments: [("[2,2]", "AAAA"), ("[0,0]", ""), ("[1]", "AA=="), ("[1,3]", "?")])
  func `A grid that does not hold what it should has no cells`(
    _ size: String, _ values: String
  ) throws {
    let text = "{\"size\":\(size),\"values\":\"\(values)\"}"
    let map = try JSONDecoder().decode(CoarseMap.self, from: Data(text.utf8))
    #expect(map.cells == nil)
  }

  @Test func `A prediction without it is read and written as before`() throws {
    let text = """
      {"index":0,"time":0.5,"sounding":false,"score":0.1,"mask":{"size":[1,1],"counts":"1"},
      "caption":"","objects":[]}
      """
    let frame = try JSONDecoder().decode(Prediction.Frame.self, from: Data(text.utf8))
    #expect(frame.certainty == nil)
    let written = String(decoding: try JSONEncoder().encode(frame), as: UTF8.self)
    #expect(!written.contains("certainty"))
  }
}
