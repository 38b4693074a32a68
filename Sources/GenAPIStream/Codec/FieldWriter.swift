import GenAPITelemetry
import GenAPIValue

/// Writes the fields of an event into the JSON object that was begun.
struct FieldWriter: FieldVisitor, ~Copyable {
  var json: JSONWriter

  mutating func field(_ key: StaticString, _ value: Int64) {
    json.key(key)
    json.int(value)
  }

  mutating func field(_ key: StaticString, _ value: ByteText) {
    json.key(key)
    json.string(value)
  }

  mutating func field(_ key: StaticString, _ value: Bool) {
    json.key(key)
    json.bool(value)
  }

  mutating func field(_ key: StaticString, _ value: [ByteText]) { json.strings(key, value) }
}
