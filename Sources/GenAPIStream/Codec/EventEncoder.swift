import GenAPITelemetry
import GenAPIValue

/// Writes emitted events as `event` frames, field by field, into the same memory one after the other.
public struct EventEncoder: ~Copyable {
  private var writer = FieldWriter(json: JSONWriter(capacity: 1_024))

  public init() {}

  /// Shows the event written last, with the end of its line, for the time of the call.
  public func withLine<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    writer.json.withBytes(body)
  }

  /// Writes one event in the place of the last; false when it is too large for a line.
  public mutating func encode(_ emitted: EmittedEvent) -> Bool {
    writer.json.restart(keepingAtMost: 65_536)
    writer.json.beginObject()
    writer.json.key("t")
    writer.json.literal("\"event\"")
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
    guard writer.json.count <= StreamProtocol.maximumLineBytes else { return false }
    writer.json.newline()
    return true
  }
}
