/// The latency pane's data: one column a time slot, oldest first.
package struct LatencyView: Equatable, Sendable {
  /// One time slot.
  package struct Slot: Equatable, Sendable {
    /// Microseconds; nil when nothing that ran ended in the slot.
    package var p50: Int64?
    package var p95: Int64?
    package var p99: Int64?
    /// Requests that ran by latency band; as many as `bandBounds`.
    package var bands: [Int64]

    package init(p50: Int64? = nil, p95: Int64? = nil, p99: Int64? = nil, bands: [Int64] = []) {
      self.p50 = p50
      self.p95 = p95
      self.p99 = p99
      self.bands = bands
    }
  }

  package var scope: LatencyScope = .all
  package var windowSeconds = 60
  /// The last second of the window, since the Unix epoch.
  package var endSecond: Int64 = 0
  package var slots: [Slot] = []
  /// How long each slot is, where they begin at multiples of it: a second then stays in one slot while time goes on. nil where they part
  /// the window by the age of its seconds.
  package var slotSeconds: Int64?
  /// The lower bound of each latency band, rising, in microseconds.
  package var bandBounds: [Int64] = []
  /// Over the whole window, by band: what the histogram mode shows.
  package var histogram: [Int64] = []
  /// Requests that ran, and ended.
  package var count: Int64 = 0
  /// Requests that were refused: these took no time worth telling, and are in none of the other numbers.
  package var refused: Int64 = 0
  package var p50: Int64?
  package var p95: Int64?
  package var p99: Int64?
  package var max: Int64?
  package var isStale = false

  package init() {}

  /// The seconds, since the Unix epoch, that a slot stands for.
  package func seconds(of slot: Int) -> ClosedRange<Int64> {
    if let length = slotSeconds {
      let back = Int64(slots.count - 1 - Swift.min(Swift.max(slot, 0), slots.count - 1))
      let first = Self.step(endSecond, length).saturatingSubtract(back).saturatingMultiply(length)
      return first...first.saturatingAdd(length - 1)
    }
    let (count, length) = (Int64(Swift.max(1, slots.count)), Int64(windowSeconds))
    let back = count - 1 - Int64(Swift.min(Swift.max(slot, 0), slots.count - 1))
    // Ages of `back * length / count` on belong to it, rounded up.
    let youngest = (back * length + count - 1) / count
    let oldest = Swift.max(youngest, ((back + 1) * length + count - 1) / count - 1)
    return endSecond.saturatingSubtract(oldest)...endSecond.saturatingSubtract(youngest)
  }

  /// The slot that a second is in; nil for one outside of the window.
  package func slot(of second: Int64) -> Int? {
    if let length = slotSeconds {
      let back = Self.step(endSecond, length).saturatingSubtract(Self.step(second, length))
      return back >= 0 && back < slots.count ? slots.count - 1 - Int(back) : nil
    }
    let back = endSecond.saturatingSubtract(second)
    guard back >= 0, back < Int64(windowSeconds), !slots.isEmpty else { return nil }
    return slots.count - 1 - Swift.min(slots.count - 1, Int(back) * slots.count / Swift.max(1, windowSeconds))
  }

  /// In which step of so many seconds a second lies, from the Unix epoch on.
  static func step(_ second: Int64, _ length: Int64) -> Int64 {
    second / length - (second % length < 0 ? 1 : 0)
  }

  /// How many requests of these latencies ended in these seconds; nil where no slot and bands are just those.
  package func count(_ seconds: ClosedRange<Int64>, _ durations: Range<Int64>) -> Int64? {
    guard let slot = slot(of: seconds.upperBound), self.seconds(of: slot) == seconds,
      let bands = bands(of: durations)
    else { return nil }
    return bands.reduce(0) { sum, band in
      sum.saturatingAdd(slots[slot].bands.indices.contains(band) ? slots[slot].bands[band] : 0)
    }
  }

  /// The bands that together are of just these latencies, in microseconds; nil where there are none.
  package func bands(of durations: Range<Int64>) -> ClosedRange<Int>? {
    guard let first = bandBounds.firstIndex(of: durations.lowerBound),
      let next = durations.upperBound == .max
        ? bandBounds.count : bandBounds.firstIndex(of: durations.upperBound), next > first
    else { return nil }
    return first...(next - 1)
  }
}
