import GenAPITelemetry
import GenAPIValue

/// Brings every number of a state into the range that is believed, see `Bounds`.
struct NumberBound: StateEditor {
  mutating func count(_ count: inout Int) { count = Bounds.count(count) }
  mutating func count(_ count: inout Int64) { count = Bounds.count(count) }

  mutating func counts(_ counts: inout [ByteText: Int]) { counts = counts.mapValues { Bounds.count($0) } }
  mutating func counts(_ counts: inout [ByteText: Int64]) { counts = counts.mapValues { Bounds.count($0) } }

  mutating func seconds(_ seconds: inout Double) { seconds = Bounds.seconds(seconds) }
  mutating func time(_ time: inout Int64) { time = Bounds.count(time) }
}
