import GenAPITelemetry
import GenAPIValue

/// Collects what an event visits, as text, in order.
struct FieldCollector: FieldVisitor {
  private(set) var fields: [(key: ByteText, value: ByteText)] = []

  var keys: [String] { fields.map(\.key.string) }
  subscript(key: ByteText) -> ByteText? { fields.first { $0.key == key }?.value }

  mutating func field(_ key: StaticString, _ value: Int64) { fields.append(("\(key)", "\(value)")) }
  mutating func field(_ key: StaticString, _ value: ByteText) { fields.append(("\(key)", value)) }
  mutating func field(_ key: StaticString, _ value: Bool) { fields.append(("\(key)", "\(value)")) }
  mutating func field(_ key: StaticString, _ value: [ByteText]) {
    fields.append(("\(key)", value.joined(separator: ",")))
  }

  static func measurements(_ event: TelemetryEvent) -> FieldCollector {
    var collector = FieldCollector()
    event.visitMeasurements(&collector)
    return collector
  }

  static func metadata(_ event: TelemetryEvent) -> FieldCollector {
    var collector = FieldCollector()
    event.visitMetadata(&collector)
    return collector
  }
}
