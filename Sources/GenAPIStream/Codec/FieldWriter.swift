import GenAPITelemetry
import GenAPIValue

/// Writes the fields of an event into the JSON object that was begun.
///
/// Texts and lists of any length come in here. They are cut as those of a state are, so that every event fits into a line.
struct FieldWriter: FieldVisitor, ~Copyable {
  var json: JSONWriter

  mutating func field(_ key: StaticString, _ value: Int64) {
    json.key(key)
    json.int(value)
  }

  mutating func field(_ key: StaticString, _ value: ByteText) {
    json.key(key)
    // Almost all are short, and are written where they lie.
    if value.byteCount <= TextLimit.text {
      json.string(value)
    } else {
      json.string(value.cut(bytes: TextLimit.text))
    }
  }

  mutating func field(_ key: StaticString, _ value: Bool) {
    json.key(key)
    json.bool(value)
  }

  mutating func field(_ key: StaticString, _ value: [ByteText]) {
    var value = value
    var bound = TextBound()
    bound.names(&value)
    json.strings(key, value)
  }
}
