/// JSON that is the same for the same values, on every machine.
enum JSONText {
  /// A document for people and programs: sorted keys, indented, ISO 8601 times.
  static func document(_ value: some Encodable) throws -> [UInt8] {
    JSONWriter.bytes(of: try PlainValue(value), style: .document)
  }

  /// A document for a `<script type="application/json">` block: no character in it can end the
  /// block, and none is a line break for a script.
  static func block(_ value: some Encodable) throws -> String {
    String(decoding: JSONWriter.bytes(of: try PlainValue(value), style: .block), as: UTF8.self)
  }
}
