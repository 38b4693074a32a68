import GenAPITelemetry
import GenAPIValue

/// Writes emitted events as `event` frames, field by field, into the same memory one after the other.
public struct EventEncoder {
  private var writer = FieldWriter(json: JSONWriter())

  public init() {}

  /// The event written last, with the end of its line.
  public var line: [UInt8] { writer.json.bytes }

  /// Writes one event to `line`; false when it is too large for a line.
  public mutating func encode(_ emitted: EmittedEvent) -> Bool {
    writer.json.restart()
    writer.json.beginObject()
    writer.json.key("t")
    writer.json.string("event")
    writer.json.key("seq")
    writer.json.int(emitted.sequence)
    writer.json.key("at")
    writer.json.int(emitted.wallMicroseconds)
    writer.json.key("name")
    writer.json.string(emitted.name.path)
    writer.json.key("m")
    writer.json.beginObject()
    emitted.event.visitMeasurements(&writer)
    writer.json.endObject()
    writer.json.key("d")
    writer.json.beginObject()
    emitted.event.visitMetadata(&writer)
    writer.json.endObject()
    writer.json.endObject()
    guard writer.json.bytes.count <= StreamProtocol.maximumLineBytes else { return false }
    writer.json.bytes.append(UInt8(ascii: "\n"))
    return true
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
