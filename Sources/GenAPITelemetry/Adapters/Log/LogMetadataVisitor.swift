import GenAPIValue
import Logging

/// Collects the fields of an event as log metadata.
struct LogMetadataVisitor: FieldVisitor {
  private(set) var metadata: Logger.Metadata = [:]

  static func metadata(of event: EmittedEvent) -> Logger.Metadata {
    var visitor = LogMetadataVisitor()
    visitor.field("sequence", event.sequence)
    event.event.visitMeasurements(&visitor)
    event.event.visitMetadata(&visitor)
    return visitor.metadata
  }

  mutating func field(_ key: StaticString, _ value: Int64) { metadata["\(key)"] = .stringConvertible(value) }
  mutating func field(_ key: StaticString, _ value: ByteText) { metadata["\(key)"] = .string(value.string) }
  mutating func field(_ key: StaticString, _ value: Bool) { metadata["\(key)"] = .stringConvertible(value) }
  mutating func field(_ key: StaticString, _ value: [ByteText]) {
    metadata["\(key)"] = .array(value.map { .string($0.string) })
  }
}
