import GenAPITelemetry
import GenAPIValue

/// What of one gateway the rows of functions are made of, at one moment.
struct RequestSource: Sendable {
  let name: ByteText
  let isStale: Bool
  /// Something was kept at the moment, and functions are counted.
  let isKept: Bool
  let isCounted: Bool
  /// The last second of the window.
  let end: Int64
  /// Seconds of the window: what counts are divided by.
  let watched: Double
  let functions: [SeriesState]
  /// By number of a function: its key.
  let keys: [ByteText]
  let namesStamp: Stamp
  let sums: WindowSums

  /// What the order of functions depends on: the same, and no function changes places.
  struct Signature: Equatable {
    var sums: Stamp
    var isStale: Bool
    var isKept: Bool
    /// 0 where nothing is to be divided.
    var watched: Double
  }

  var signature: Signature {
    Signature(
      sums: sums.stamp, isStale: isStale, isKept: isKept, watched: sums.whole.started == 0 ? 0 : watched)
  }

  /// Requests under way of each function that has any, at the end of the window.
  func eachInFlight(_ body: (_ number: Int, _ inFlight: Int64) -> Void) {
    guard let last = sums.seconds.last, last.second == end else { return }
    for index in last.series.indices where last.series[index].inFlight != 0 {
      body(Int(last.series[index].series), Int64(last.series[index].inFlight))
    }
  }

  /// Adds what a function did in each part of the window, and has under way at its end.
  func add(_ number: Int, to sum: inout FunctionSum, length: Int) {
    let slots = sum.trend.count
    for second in sums.seconds {
      let slot = slots - 1 - min(slots - 1, Int(end - second.second) * slots / length)
      if isCounted { sum.known[slot] = true }
      guard let delta = second.delta(of: number) else { continue }
      sum.trend[slot] += Double(delta.started)
      if second.second == end { sum.inFlight += Int64(delta.inFlight) }
    }
    if number < sums.functions.count { sum.add(sums.functions[number], watchedSeconds: watched) }
    sum.isKept = sum.isKept || isKept
    sum.trendScale = Double(slots) / Double(length)
  }
}

extension WindowSums.Second {
  /// Found in as many steps as its place has digits.
  fileprivate func delta(of number: Int) -> SeriesDelta? {
    var (low, high) = (0, series.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(series[middle].series) < number { low = middle + 1 } else { high = middle }
    }
    return low < series.count && Int(series[low].series) == number ? series[low] : nil
  }
}
