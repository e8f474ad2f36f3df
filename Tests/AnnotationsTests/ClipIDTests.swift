import Annotations
import Testing

struct ClipIDTests {
  @Test(arguments: [
    "", ".", "..", ".hidden", "a/b", "../../etc/passwd", "a\\b", "line\nbreak", "nul\u{0}",
    "tab\tbed", "right\u{202E}left", "zero\u{200B}width", "bad\u{FFFD}byte",
    String(repeating: "x", count: 201), String(repeating: "語", count: 90),
  ])
  func `a hostile name is refused`(_ name: String) {
    #expect(throws: AnnotationError.invalidClipID(name)) { try ClipID(name) }
  }

  @Test(arguments: [
    "00000003_28_38", "silent dog", "it's \"quoted\"", "naïve café", "語", "😀", "-rf", "a..b", "%2e",
    String(repeating: "x", count: 200),
  ])
  func `an ordinary name is kept as it is`(_ name: String) throws {
    #expect(try ClipID(name).text == name)
  }

  @Test(arguments: [
    "", ".", "..", "../up", "a\nb", "\u{202E}x", "", String(repeating: "é", count: 500), "a/b\\c",
  ])
  func `any file name becomes a valid id`(_ name: String) throws {
    let id = ClipID(fileName: name)
    #expect(try ClipID(id.text) == id)
  }

  @Test func `ids sort the same on every machine`() throws {
    let ids = try ["b", "a", "Z", "é"].map { try ClipID($0) }
    #expect(ids.sorted().map(\.text) == ["Z", "a", "b", "é"])
  }
}
