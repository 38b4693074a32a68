import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// One row a function, over all gateways, sorted as the settings say.
  package func requests(_ settings: ViewSettings) -> [RequestRow] {
    var sums: [ByteText: FunctionSum] = [:]
    let scoped = scoped(settings)
    // A silent gateway's last numbers stand for a function only where no other gateway tells of it: added to live ones they
    // would be a rate that nobody has.
    for (target, scope) in scoped where !isStale(target, settings) { add(target, scope, settings, to: &sums) }
    for (target, scope) in scoped where isStale(target, settings) { add(target, scope, settings, to: &sums) }
    return sums.values.map { $0.row(settings) }.sorted { settings.precedes($0, $1) }
  }

  private func add(
    _ target: TargetModel, _ scope: NodeScope, _ settings: ViewSettings,
    to sums: inout [ByteText: FunctionSum]
  ) {
    let history = target.history
    let end = second(settings, target)
    let stale = isStale(target, settings)
    let length = settings.window.seconds
    // Rates are over the time that was watched, when that is shorter than the window.
    let watched = history.watchedSeconds(endingAt: end, length: length)
    let slots = min(30, length)
    var numbers: [Int32: ByteText] = [:]
    let moment = moment(settings)
    for (number, function) in history.functions.enumerated()
    where settings.filter.matches(
      service: function.service, requestType: function.requestType, version: function.version, node: nil)
      && scope.includes(service: function.service, requestType: function.requestType)
    {
      let key = function.entryKey
      if !stale || sums[key]?.isStale ?? true { numbers[Int32(number)] = key }
      sums[key, default: FunctionSum(function, slots: slots)]
        .meet(function, stale: stale, until: moment)
    }
    // What lies in no second that was kept is not zero, but unknown.
    var known = [Bool](repeating: false, count: slots)
    for sample in history.window(endingAt: end, length: length) {
      let slot = slots - 1 - min(slots - 1, Int(end - sample.second) * slots / length)
      known[slot] = !target.state.unknown.contains(.series)
      for delta in sample.series {
        guard let key = numbers[delta.series] else { continue }
        sums[key]?.add(delta, slot: slot, isLast: sample.second == end)
      }
    }
    let isKept = isKept(target, settings) && !target.state.unknown.contains(.series)
    for key in numbers.values {
      sums[key]?.know(known, isKept: isKept)
      sums[key]?.trendScale = Double(slots) / Double(length)
      sums[key]?.endTarget(watchedSeconds: watched)
    }
  }
}

/// A function's numbers while they are added up.
private struct FunctionSum {
  var function: SeriesState
  var rate = 0.0
  /// Of the gateway being added.
  var started: Int64 = 0
  var finished: Int64 = 0
  var failed: Int64 = 0
  var rejected: Int64 = 0
  var retries: Int64 = 0
  var inFlight: Int64 = 0
  var latency = LatencyHistogram()
  var trend: [Double]
  var trendScale = 1.0
  /// Of `trend`: the others are not known.
  var known: [Bool]
  /// Something was kept at the moment, of one gateway at least.
  var isKept = false
  var isStale = true

  init(_ function: SeriesState, slots: Int) {
    self.function = function
    self.function.lastError = nil
    self.function.lastErrorAt = nil
    trend = Array(repeating: 0, count: slots)
    known = Array(repeating: false, count: slots)
  }

  /// - Parameter until: an error after this moment is not known yet.
  mutating func meet(_ other: SeriesState, stale: Bool, until: Int64) {
    isStale = isStale && stale
    guard let error = other.lastError, other.lastErrorAt ?? 0 <= until else { return }
    if function.lastError == nil || other.lastErrorAt ?? 0 >= function.lastErrorAt ?? 0 {
      function.lastError = error
      function.lastErrorAt = other.lastErrorAt
    }
  }

  mutating func add(_ delta: SeriesDelta, slot: Int, isLast: Bool) {
    started += Int64(delta.started)
    finished += delta.finished
    failed += Int64(delta.failed)
    rejected += Int64(delta.rejected)
    retries += Int64(delta.retries)
    if isLast { inFlight += Int64(delta.inFlight) }
    trend[slot] += Double(delta.started)
    delta.unpack(into: &latency)
  }

  /// - Parameter slots: those of which a gateway knows.
  mutating func know(_ slots: [Bool], isKept: Bool) {
    for slot in slots.indices where slots[slot] { known[slot] = true }
    self.isKept = self.isKept || isKept
  }

  mutating func endTarget(watchedSeconds: Double) {
    rate += Double(started) / watchedSeconds
    started = 0
  }

  func row(_ settings: ViewSettings) -> RequestRow {
    func percent(_ part: Int64) -> Double { finished == 0 ? 0 : Double(part) * 100 / Double(finished) }
    var row = RequestRow(
      service: function.service, requestType: function.requestType, version: function.version,
      requestsPerSecond: rate, errorPercent: percent(failed), rejectedPercent: percent(rejected),
      inFlight: inFlight, p50: latency.quantile(0.5), p95: latency.quantile(0.95),
      p99: latency.quantile(0.99),
      max: latency.highest, trend: zip(known, trend).map { $0 ? $1 * trendScale : -1 },
      retries: retries,
      lastError: function.lastError, isStale: isStale)
    row.isKept = isKept
    return row
  }
}

extension ViewSettings {
  /// Names rise, numbers fall; equal ones are in the order of their names, so that rows do not jump.
  fileprivate func precedes(_ a: RequestRow, _ b: RequestRow) -> Bool {
    let names = (a.service, a.requestType, a.version ?? "") < (b.service, b.requestType, b.version ?? "")
    func falling<Number: Comparable>(_ x: Number, _ y: Number) -> Bool {
      x == y ? names : (x > y) != isSortReversed
    }
    switch requestSort {
    case .service: return names != isSortReversed && a.id != b.id
    case .type:
      let types = (a.requestType, a.service, a.version ?? "") < (b.requestType, b.service, b.version ?? "")
      return types != isSortReversed && a.id != b.id
    case .worst:
      if a.trouble != b.trouble { return (a.trouble > b.trouble) != isSortReversed }
      return falling(a.requestsPerSecond, b.requestsPerSecond)
    case .rate: return falling(a.requestsPerSecond, b.requestsPerSecond)
    case .errors: return falling(a.errorPercent, b.errorPercent)
    case .rejected: return falling(a.rejectedPercent, b.rejectedPercent)
    case .inFlight: return falling(a.inFlight, b.inFlight)
    case .p50: return falling(a.p50 ?? -1, b.p50 ?? -1)
    case .p95: return falling(a.p95 ?? -1, b.p95 ?? -1)
    case .p99: return falling(a.p99 ?? -1, b.p99 ?? -1)
    case .max: return falling(a.max ?? -1, b.max ?? -1)
    }
  }
}
