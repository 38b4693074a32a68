import GenAPIValue

/// Brings every number of a state into the range in which numbers from a gateway are believed, so that adding and dividing them stays in
/// their type: a gateway that is broken, or no gateway at all, may send any.
package struct NumberBound: StateEditor {
  /// The largest count: 2^53, the last whole number that JSON readers agree on.
  @inlinable package static var most: Int64 { 1 << 53 }

  /// A count, 0 to 2^53.
  @inlinable @inline(__always)
  package static func count<Number: FixedWidthInteger>(_ value: Number) -> Number {
    min(max(0, value), Number(clamping: most))
  }

  /// A duration in seconds, 0 to 2^53; what is no number is 0.
  @inlinable
  package static func seconds(_ value: Double) -> Double {
    value.isFinite ? min(max(0, value), Double(most)) : 0
  }

  package init() {}

  package mutating func count(_ count: inout Int) { count = Self.count(count) }
  package mutating func count(_ count: inout Int64) { count = Self.count(count) }

  package mutating func counts(_ counts: inout [ByteText: Int]) { bound(&counts) }
  package mutating func counts(_ counts: inout [ByteText: Int64]) { bound(&counts) }

  /// Nearly always all are within bounds, and nothing is copied.
  private func bound<Count: FixedWidthInteger>(_ counts: inout [ByteText: Count]) {
    guard counts.values.contains(where: { $0 != Self.count($0) }) else { return }
    counts = counts.mapValues { Self.count($0) }
  }

  /// What says which, and can be none, is left out.
  package mutating func numbers(_ list: inout [Int], most: Int) {
    guard list.contains(where: { $0 != Self.count($0) }) else { return }
    list.removeAll { $0 != Self.count($0) }
  }

  package mutating func seconds(_ seconds: inout Double) { seconds = Self.seconds(seconds) }
  package mutating func time(_ time: inout Int64) { time = Self.count(time) }
}
