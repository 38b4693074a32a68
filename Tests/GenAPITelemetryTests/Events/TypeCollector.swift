import GenAPITelemetry
import GenAPIValue

/// Notes the type of each field that an event visits, as docs/events.md calls it.
struct TypeCollector: FieldVisitor {
  private(set) var types: [String: String] = [:]

  mutating func field(_ key: StaticString, _ value: Int64) {
    let ends = [("_us", "µs"), ("_ms", "ms"), ("system_time", "ns"), ("worker", "number")]
    types["\(key)"] = ends.first { "\(key)".hasSuffix($0.0) }?.1 ?? "count"
  }
  mutating func field(_ key: StaticString, _ value: ByteText) { types["\(key)"] = "text" }
  mutating func field(_ key: StaticString, _ value: Bool) { types["\(key)"] = "boolean" }
  mutating func field(_ key: StaticString, _ value: [ByteText]) { types["\(key)"] = "texts" }
}
