import GenAPITelemetry
import GenAPIValue
import Locking

/// What of one gateway the rows of functions are made of, at one moment.
final class RequestSource: Sendable {
  /// Of what it is made.
  struct Key: Equatable, Sendable {
    var model: Stamp
    /// The time of the model, microseconds since the Unix epoch.
    var now: Int64
    var moment: Moment
    var window: StatisticsWindow
  }

  let name: ByteText
  let isStale: Bool
  /// Something was kept at the moment, functions are counted, and long enough was watched for a rate.
  let isKept: Bool
  let isCounted: Bool
  /// The last second of the window.
  let end: Int64
  /// Seconds of the window: what counts are divided by.
  let watched: Double
  let functions: PiecedList<SeriesState>
  /// By number of a function: its key.
  let keys: [ByteText]
  let namesStamp: Stamp
  let sums: WindowSums
  /// In which parts of the window anything is known, where that was asked for.
  private let known = Mutex<(slots: Int, length: Int, isKnown: [Bool])?>(nil)

  init(
    name: ByteText, isStale: Bool, isKept: Bool, isCounted: Bool, end: Int64, watched: Double,
    functions: PiecedList<SeriesState>, keys: [ByteText], namesStamp: Stamp, sums: WindowSums
  ) {
    self.name = name
    self.isStale = isStale
    self.isKept = isKept
    self.isCounted = isCounted
    self.end = end
    self.watched = watched
    self.functions = functions
    self.keys = keys
    self.namesStamp = namesStamp
    self.sums = sums
    signature = Signature(
      sums: sums.changes.stamp, isStale: isStale, isKept: isKept,
      watched: sums.whole.started == 0 ? 0 : watched)
  }

  /// What the totals of functions depend on.
  struct Signature: Equatable, Sendable {
    var sums: Stamp
    var isStale: Bool
    var isKept: Bool
    /// 0 where nothing is to be divided.
    var watched: Double

    /// Only what functions did may differ.
    func isLike(_ other: Signature) -> Bool {
      isStale == other.isStale && isKept == other.isKept && watched == other.watched
    }
  }

  let signature: Signature

  /// In which of so many parts of the window a second lies.
  func slot(of second: Int64, slots: Int, length: Int) -> Int {
    Self.slot(of: second, endingAt: end, slots: slots, length: length)
  }

  /// The same of a window that ends at a second.
  static func slot(of second: Int64, endingAt end: Int64, slots: Int, length: Int) -> Int {
    slots - 1 - min(slots - 1, Int(end - second) * slots / length)
  }

  /// Shows in which parts of the window seconds lie, and how much of all belongs there: a coarse step may begin before the window does.
  func forEachSlot(
    _ seconds: ClosedRange<Int64>, slots: Int, length: Int, _ body: (_ slot: Int, _ share: Double) -> Void
  ) {
    let share = 1 / Double(seconds.count)
    var second = max(seconds.lowerBound, end - Int64(length) + 1)
    while second <= seconds.upperBound {
      body(slot(of: second, slots: slots, length: length), share)
      second += 1
    }
  }

  /// Requests under way of each function that has any, at the end of the window.
  func eachInFlight(_ body: (_ number: Int, _ inFlight: Int64) -> Void) {
    guard let last = sums.seconds.last, last.second == end else { return }
    last.series.forEach { delta in
      if delta.inFlight != 0 { body(Int(delta.series), Int64(delta.inFlight)) }
    }
  }

  /// Shows what a function did in each second, or coarse step, in which it did something.
  func forEachSecond(of number: Int, _ body: (_ seconds: ClosedRange<Int64>, _ delta: SeriesDelta) -> Void) {
    for second in sums.seconds {
      if let delta = second.series.delta(of: number) { body(second.first...second.second, delta) }
    }
  }

  /// Adds what a function did in each part of the window, and has under way at its end.
  func addCourse(of number: Int, to sum: inout FunctionSum, length: Int) {
    let slots = sum.trend.count
    addKnown(to: &sum, length: length)
    guard sums.counts(of: number).seconds > 0 else { return }
    for second in sums.seconds {
      guard let (started, inFlight) = second.series.requests(of: number) else { continue }
      forEachSlot(second.first...second.second, slots: slots, length: length) {
        sum.trend[$0] += Double(started) * $1
      }
      if second.second == end { sum.inFlight += Int64(inFlight) }
    }
  }

  /// Notes of which parts of the window anything is known.
  func addKnown(to sum: inout FunctionSum, length: Int) {
    sum.trendScale = Double(sum.trend.count) / Double(length)
    // Of a hundred gateways the first tells it all.
    guard isCounted, sum.known.contains(false) else { return }
    let isKnown = knownSlots(sum.known.count, length: length)
    for slot in sum.known.indices where isKnown[slot] { sum.known[slot] = true }
  }

  private func knownSlots(_ slots: Int, length: Int) -> [Bool] {
    known.withLock { known in
      if let known, known.slots == slots, known.length == length { return known.isKnown }
      var isKnown = [Bool](repeating: false, count: slots)
      for second in sums.seconds {
        forEachSlot(second.first...second.second, slots: slots, length: length) { slot, _ in
          isKnown[slot] = true
        }
      }
      known = (slots, length, isKnown)
      return isKnown
    }
  }
}
