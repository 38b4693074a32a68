import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// One row a function, over all gateways, sorted as the settings say.
  package func requests(_ settings: ViewSettings) -> [RequestRow] {
    var sums = FunctionSums()
    let scoped = scoped(settings)
    // A silent gateway's last numbers stand for a function only where no other gateway tells of it: added to live ones they
    // would be a rate that nobody has.
    for (target, scope) in scoped where !isStale(target, settings) { add(target, scope, settings, to: &sums) }
    for (target, scope) in scoped where isStale(target, settings) { add(target, scope, settings, to: &sums) }
    return sums.list.map { $0.row(settings) }.sorted { settings.precedes($0, $1) }
  }

  private func add(
    _ target: TargetModel, _ scope: NodeScope, _ settings: ViewSettings, to sums: inout FunctionSums
  ) {
    let history = target.history
    let end = second(settings, target)
    let stale = isStale(target, settings)
    let length = settings.window.seconds
    // Rates are over the time that was watched, when that is shorter than the window.
    let watched = history.watchedSeconds(endingAt: end, length: length)
    let slots = min(30, length)
    let isAll = settings.filter.isEmpty && scope.isWhole
    /// By number of a function its place among the sums; -1 for one that is not added.
    var places = [Int](repeating: -1, count: history.functions.count)
    let moment = moment(settings)
    for number in history.functions.indices
    where isAll || includes(history.functions[number], scope, settings) {
      let place = sums.place(of: history.functionKeys[number]) {
        FunctionSum(history.functions[number], slots: slots)
      }
      if !stale || sums.list[place].isStale { places[number] = place }
      sums.list[place].meet(history.functions[number], of: target.name, stale: stale, until: moment)
    }
    // What lies in no second that was kept is not zero, but unknown.
    var known = [Bool](repeating: false, count: slots)
    for sample in history.window(endingAt: end, length: length) {
      let slot = slots - 1 - min(slots - 1, Int(end - sample.second) * slots / length)
      known[slot] = !target.state.unknown.contains(.series)
      for index in sample.series.indices {
        let place = places[Int(sample.series[index].series)]
        guard place >= 0 else { continue }
        sums.list[place].trend[slot] += Double(sample.series[index].started)
        if sample.second == end { sums.list[place].inFlight += Int64(sample.series[index].inFlight) }
      }
    }
    history.sums(endingAt: end, length: length) { window in
      for (number, place) in places.enumerated() where place >= 0 && number < window.functions.count {
        sums.list[place].add(window.functions[number], watchedSeconds: watched)
      }
    }
    let isKept = isKept(target, settings) && !target.state.unknown.contains(.series)
    for place in places where place >= 0 {
      sums.list[place].know(known, isKept: isKept)
      sums.list[place].trendScale = Double(slots) / Double(length)
    }
  }

  private func includes(_ function: SeriesState, _ scope: NodeScope, _ settings: ViewSettings) -> Bool {
    settings.filter.matches(
      service: function.service, requestType: function.requestType, version: function.version, node: nil)
      && scope.includes(service: function.service, requestType: function.requestType)
  }
}

/// The sums of functions, found by key once for each gateway.
private struct FunctionSums {
  var list: [FunctionSum] = []
  private var places: [ByteText: Int] = [:]

  mutating func place(of key: ByteText, or make: () -> FunctionSum) -> Int {
    if let place = places[key] { return place }
    list.append(make())
    places[key] = list.count - 1
    return list.count - 1
  }
}

/// A function's numbers while they are added up.
private struct FunctionSum {
  var function: SeriesState
  var rate = 0.0
  var whole = WindowSums.Sum()
  var inFlight: Int64 = 0
  var trend: [Double]
  var trendScale = 1.0
  /// Of `trend`: the others are not known.
  var known: [Bool]
  /// Something was kept at the moment, of one gateway at least.
  var isKept = false
  var isStale = true
  var lastErrorGateway: ByteText?

  init(_ function: SeriesState, slots: Int) {
    self.function = function
    self.function.lastError = nil
    self.function.lastErrorAt = nil
    trend = Array(repeating: 0, count: slots)
    known = Array(repeating: false, count: slots)
  }

  /// - Parameter until: an error after this moment is not known yet.
  mutating func meet(_ other: SeriesState, of gateway: ByteText, stale: Bool, until: Int64) {
    isStale = isStale && stale
    guard let error = other.lastError, other.lastErrorAt ?? 0 <= until else { return }
    if function.lastError == nil || other.lastErrorAt ?? 0 >= function.lastErrorAt ?? 0 {
      function.lastError = error
      function.lastErrorAt = other.lastErrorAt
      lastErrorGateway = gateway
    }
  }

  /// Adds what one gateway did.
  mutating func add(_ sum: WindowSums.Sum, watchedSeconds: Double) {
    whole += sum
    rate += Double(sum.started) / watchedSeconds
  }

  /// - Parameter slots: those of which a gateway knows.
  mutating func know(_ slots: [Bool], isKept: Bool) {
    for slot in slots.indices where slots[slot] { known[slot] = true }
    self.isKept = self.isKept || isKept
  }

  func row(_ settings: ViewSettings) -> RequestRow {
    func percent(_ part: Int64) -> Double {
      whole.finished == 0 ? 0 : Double(part) * 100 / Double(whole.finished)
    }
    var row = RequestRow(
      service: function.service, requestType: function.requestType, version: function.version,
      requestsPerSecond: rate, errorPercent: percent(whole.failed), rejectedPercent: percent(whole.rejected),
      inFlight: max(0, inFlight), p50: whole.latency.quantile(0.5), p95: whole.latency.quantile(0.95),
      p99: whole.latency.quantile(0.99),
      max: whole.latency.highest, trend: zip(known, trend).map { $0 ? $1 * trendScale : -1 },
      retries: whole.retries,
      lastError: function.lastError, isStale: isStale)
    row.isKept = isKept
    row.lastErrorAt = function.lastErrorAt
    row.lastErrorGateway = lastErrorGateway
    return row
  }
}

extension ViewSettings {
  /// Names rise, numbers fall; equal ones are in the order of their names, so that rows do not jump.
  fileprivate func precedes(_ a: RequestRow, _ b: RequestRow) -> Bool {
    func falling<Number: Comparable>(_ x: Number, _ y: Number) -> Bool {
      x == y ? a.isNamed(before: b) : (x > y) != isSortReversed
    }
    switch requestSort {
    case .service: return isSortReversed ? b.isNamed(before: a) : a.isNamed(before: b)
    case .type:
      return isSortReversed ? b.isNamed(before: a, byType: true) : a.isNamed(before: b, byType: true)
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

extension RequestRow {
  /// By service, type and version; by type before service where that is asked for.
  fileprivate func isNamed(before other: RequestRow, byType: Bool = false) -> Bool {
    if byType, requestType != other.requestType { return requestType.precedesNaturally(other.requestType) }
    if service != other.service { return service.precedesNaturally(other.service) }
    if requestType != other.requestType { return requestType.precedesNaturally(other.requestType) }
    return (version ?? "").precedesNaturally(other.version ?? "")
  }
}
