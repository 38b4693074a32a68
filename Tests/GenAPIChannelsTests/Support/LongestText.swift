import GenAPITelemetry
import GenAPIValue

/// How long the longest text of an event is.
struct LongestText: FieldVisitor {
  private(set) var longest = 0

  mutating func field(_ key: StaticString, _ value: Int64) {}
  mutating func field(_ key: StaticString, _ value: Bool) {}
  mutating func field(_ key: StaticString, _ value: ByteText) { longest = max(longest, value.byteCount) }
  mutating func field(_ key: StaticString, _ value: [ByteText]) {
    longest = max(longest, value.map(\.byteCount).max() ?? 0)
  }
}
