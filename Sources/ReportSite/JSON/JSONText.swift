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

  /// A script that calls a function with a name and a value. The value is a text for `JSON.parse`,
  /// which browsers read several times as fast as a script's own objects.
  static func script(
    calling function: String, _ name: String, _ value: some Encodable
  ) throws -> [UInt8] {
    var script = Array("\(function)(".utf8)
    script += JSONWriter.bytes(of: .text(name), style: .block)
    script += ",JSON.parse('".utf8
    for unit in JSONWriter.bytes(of: try PlainValue(value), style: .block) {
      if unit == UInt8(ascii: "\\") || unit == UInt8(ascii: "'") { script.append(0x5C) }
      script.append(unit)
    }
    return script + "'));\n".utf8
  }
}
