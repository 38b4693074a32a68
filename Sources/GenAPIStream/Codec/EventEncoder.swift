import GenAPITelemetry
import GenAPIValue
import NIOCore

/// Writes emitted events as `event` frames, field by field, without a dictionary in between.
enum EventEncoder {
  /// One line with its end; nil when the event is too large for a line.
  static func line(_ emitted: EmittedEvent) -> ByteBuffer? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    var json = JSONWriter(bytes: bytes)
    json.beginObject()
    json.key("t")
    json.string("event")
    json.key("seq")
    json.int(emitted.sequence)
    json.key("at")
    json.int(emitted.wallMicroseconds)
    json.key("name")
    json.string(emitted.name.path)
    var visitor = FieldWriter(json: json)
    visitor.json.key("m")
    visitor.json.beginObject()
    emitted.event.visitMeasurements(&visitor)
    visitor.json.endObject()
    visitor.json.key("d")
    visitor.json.beginObject()
    emitted.event.visitMetadata(&visitor)
    visitor.json.endObject()
    visitor.json.endObject()
    return visitor.json.bytes.count <= StreamProtocol.maximumLineBytes ? visitor.json.line() : nil
  }
}

private struct FieldWriter: FieldVisitor {
  var json: JSONWriter

  mutating func field(_ key: StaticString, _ value: Int64) {
    json.key(key)
    json.int(value)
  }

  mutating func field(_ key: StaticString, _ value: String) {
    json.key(key)
    json.string(value)
  }

  mutating func field(_ key: StaticString, _ value: Bool) {
    json.key(key)
    json.bool(value)
  }

  mutating func field(_ key: StaticString, _ value: [String]) { json.strings(key, value) }
}
