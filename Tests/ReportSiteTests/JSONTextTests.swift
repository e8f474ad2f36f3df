import Evaluation
import Foundation
import Testing

@testable import ReportSite

@Suite struct JSONTextTests {
  struct Document: Codable, Equatable {
    enum Kind: Codable, Equatable {
      case plain
      case failed(reason: String, tries: [Int])
    }

    var text = "quote \" slash \\ / line\n tab\t <&> \u{2028} \u{1} é 🎻"
    var number = 0.1
    var whole = 2.0
    var small = 1e-9
    var count = -7
    var flag = true
    var date = Date(timeIntervalSince1970: 1_790_000_000)
    var missing: Int?
    var list: [String?] = ["a", nil]
    var nested = [["x": 1.5], [:]]
    var kinds = [Kind.plain, .failed(reason: "no", tries: [1, 2])]
  }

  @Test func `A document is read back as it was written`() throws {
    let data = Data(try JSONText.document(Document()))
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    #expect(try decoder.decode(Document.self, from: data) == Document())
  }

  @Test func `A document has what Foundation's encoder writes`() throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    let theirs = try JSONSerialization.jsonObject(with: encoder.encode(Document()))
    let ours = try JSONSerialization.jsonObject(with: Data(JSONText.document(Document())))
    #expect((ours as? NSDictionary) == (theirs as? NSDictionary))
  }

  @Test func `Members are in order and empty optionals left out`() throws {
    let text = String(decoding: try JSONText.document(["b": 1, "a": 2]), as: UTF8.self)
    #expect(text == "{\n  \"a\": 2,\n  \"b\": 1\n}\n")
    #expect(!String(decoding: try JSONText.document(Document()), as: UTF8.self).contains("missing"))
  }

  @Test func `What is no number is a text`() throws {
    let values = [Double.nan, .infinity, -.infinity]
    #expect(try JSONText.block(values) == "[\"NaN\",\"Infinity\",\"-Infinity\"]")
  }
}
