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

/// The generator of Steele, Lea and Flood.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
