import GenAPITelemetry

/// What began in each second of a window by place, kept up: a second is gone through once, when it comes.
struct FunctionCourse: Sendable {
  private struct Second: Sendable {
    var seconds: ClosedRange<Int64>
    /// Held, so that what lies where this does is this.
    var series: PackedSeries
    var started: [(place: Int32, count: Int64)]
  }

  /// By source.
  private var seconds: [[Second]] = []

  mutating func follow(_ sources: [RequestSource], _ parts: FunctionParts) {
    while seconds.count < sources.count { seconds.append([]) }
    for (index, source) in sources.enumerated() {
      let before = seconds[index]
      seconds[index] = []
      var next = 0
      var now: [Second] = []
      now.reserveCapacity(source.sums.seconds.count)
      for second in source.sums.seconds {
        while next < before.count, before[next].seconds.upperBound < second.second { next += 1 }
        if next < before.count, before[next].seconds == second.first...second.second,
          before[next].series.shares(second.series)
        {
          now.append(before[next])
        } else {
          now.append(Self.addedUp(second, parts.places[index], count: parts.count))
        }
      }
      seconds[index] = now
    }
  }

  private static func addedUp(_ second: WindowSums.Second, _ places: [Int32], count: Int) -> Second {
    var sums: [Int32: Int64] = [:]
    second.series.forEach { delta in
      guard Int(delta.series) < places.count, places[Int(delta.series)] >= 0 else { return }
      sums[places[Int(delta.series)], default: 0] += Int64(delta.started)
    }
    return Second(
      seconds: second.first...second.second, series: second.series,
      started: sums.map { (place: $0.key, count: $0.value) })
  }

  func forEach(
    of source: Int, _ body: (_ seconds: ClosedRange<Int64>, _ place: Int, _ started: Int64) -> Void
  ) {
    for second in seconds[source] {
      for (place, count) in second.started { body(second.seconds, Int(place), count) }
    }
  }
}
