import GenAPITelemetry
import GenAPIValue

/// Brings every number of a state into the range that is believed, see `Bounds`.
struct NumberBound: StateEditor {
  mutating func count(_ count: inout Int) { count = Bounds.count(count) }
  mutating func count(_ count: inout Int64) { count = Bounds.count(count) }

  mutating func counts(_ counts: inout [ByteText: Int]) { bound(&counts) }
  mutating func counts(_ counts: inout [ByteText: Int64]) { bound(&counts) }

  /// Nearly always all are within bounds, and nothing is copied.
  private func bound<Count: FixedWidthInteger>(_ counts: inout [ByteText: Count]) {
    guard counts.values.contains(where: { $0 != Bounds.count($0) }) else { return }
    counts = counts.mapValues { Bounds.count($0) }
  }

  mutating func seconds(_ seconds: inout Double) { seconds = Bounds.seconds(seconds) }
  mutating func time(_ time: inout Int64) { time = Bounds.count(time) }
}
