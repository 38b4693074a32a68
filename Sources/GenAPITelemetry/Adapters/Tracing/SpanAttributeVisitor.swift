import GenAPIValue
import Tracing

/// Collects what a span event should say: the fields of an event, without those its request's span has.
///
/// The value of a limit's key is left out too: it is a user, a device or an argument.
struct SpanAttributeVisitor: FieldVisitor {
  private(set) var attributes = SpanAttributes()

  static func attributes(of event: TelemetryEvent) -> SpanAttributes {
    var visitor = SpanAttributeVisitor()
    event.visitMeasurements(&visitor)
    event.visitMetadata(&visitor)
    return visitor.attributes
  }

  private mutating func set(_ key: StaticString, _ value: SpanAttribute) {
    let name = "\(key)"
    switch name {
    case "request_id", "service", "request_type", "version", "user_id", "key_value", "system_time",
      "trace_id",
      "parent_span_id":
      break
    default: attributes.set("genapi." + name, value: value)
    }
  }

  mutating func field(_ key: StaticString, _ value: Int64) { set(key, .int64(value)) }
  mutating func field(_ key: StaticString, _ value: ByteText) { set(key, .string(value.string)) }
  mutating func field(_ key: StaticString, _ value: Bool) { set(key, .bool(value)) }
  mutating func field(_ key: StaticString, _ value: [ByteText]) {
    set(key, .stringArray(value.map(\.string)))
  }
}
