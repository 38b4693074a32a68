import GenAPITelemetry
import GenAPIValue

@testable import TopModel

/// Rows and groups as their documentation has them, added up second by second from what the history keeps: what is kept up is compared
/// with it.
enum AddedUpAnew {
  private struct Sum {
    var name: RequestName
    var functions: Set<ByteText> = []
    var rate = 0.0
    var finished: Int64 = 0
    var failed: Int64 = 0
    var rejected: Int64 = 0
    var retries: Int64 = 0
    var inFlight: Int64 = 0
    var latency = LatencyHistogram()
    var trend: [Double]
    var isStale = true
    var isKept = false
    var goesOn = false
    var ends = FunctionSum(service: "", version: nil, slots: 1)

    func row(_ settings: ViewSettings, hasEnds: Bool) -> RequestRow {
      func percent(_ part: Int64) -> Double {
        finished == 0 ? 0 : Double(part) * 100 / Double(finished)
      }
      let scale = Double(trend.count) / Double(settings.window.seconds)
      var row = RequestRow(
        service: name.service, requestType: name.requestType, version: name.version, requestsPerSecond: rate,
        errorPercent: percent(failed), rejectedPercent: percent(rejected), inFlight: max(0, inFlight),
        p50: latency.quantile(0.5), p95: latency.quantile(0.95), p99: latency.quantile(0.99),
        max: latency.highest, trend: trend.map { $0 < 0 ? -1 : $0 * scale }, retries: retries,
        isStale: isStale)
      row.isKept = isKept
      row.goesOn = goesOn
      guard hasEnds else { return row }
      let ends = ends.row
      (row.lastError, row.lastErrorAt, row.lastErrorGateway) = (
        ends.lastError, ends.lastErrorAt, ends.lastErrorGateway
      )
      (row.lastRefusal, row.lastRefusalAt) = (ends.lastRefusal, ends.lastRefusalAt)
      (row.missesLastError, row.missesLastRefusal) = (ends.missesLastError, ends.missesLastRefusal)
      return row
    }
  }

  static func rows(_ model: ClusterModel, _ settings: ViewSettings) -> [RequestRow] {
    sums(model, settings) { function, _ in
      RequestName(service: function.service, requestType: function.requestType, version: function.version)
    }
    .map { $0.row(settings, hasEnds: true) }.sorted { settings.precedes($0, $1) }
  }

  static func isTroubled(_ delta: SeriesDelta) -> Bool {
    delta.failed > 0 || delta.rejected > 0
      || delta.packedLatencies.contains {
        LatencyHistogram.representative(of: Int($0 >> 21)) >= RequestRow.slowUs
      }
  }

  static func groups(_ model: ClusterModel, _ settings: ViewSettings) -> [RequestGroup] {
    let grouping = settings.requestGrouping
    return sums(model, settings) { function, target in
      switch grouping {
      case .gateways: RequestName(service: target.name, requestType: "")
      case .versions: RequestName(service: function.service, requestType: "", version: function.version)
      default: RequestName(service: function.service, requestType: "")
      }
    }
    .map { sum in
      var numbers = sum.row(settings, hasEnds: false)
      numbers.isDown = grouping == .gateways && sum.isStale
      return RequestGroup(
        grouping: grouping, name: sum.name.service, version: sum.name.version,
        functions: grouping != .gateways && sum.name.service == RequestRow.unsupported
          ? nil : sum.functions.count, numbers: numbers)
    }
    .sorted { settings.precedes($0.numbers, $1.numbers) }
  }

  private static func sums(
    _ model: ClusterModel, _ settings: ViewSettings, by name: (SeriesState, TargetModel) -> RequestName
  ) -> [Sum] {
    var sums: [Sum] = []
    let length = settings.window.seconds
    let slots = min(30, length)
    let scoped = model.liveFirst(model.scoped(settings), settings) { $0.target }
    for (target, scope) in scoped {
      let isStale = model.isStale(target, settings)
      let end = model.second(settings, target)
      let watched = target.history.watchedSeconds(endingAt: end, length: length)
      let isCounted = !target.state.unknown.contains(.series)
      for (number, function) in target.history.functions.enumerated()
      where settings.includes(function)
        && scope.includes(service: function.service, requestType: function.requestType)
      {
        let own = name(function, target)
        let place = sums.firstIndex { $0.name == own } ?? sums.count
        if place == sums.count { sums.append(Sum(name: own, trend: Array(repeating: -1, count: slots))) }
        if function.service != RequestRow.unsupported { sums[place].functions.insert(function.entryKey) }
        sums[place].ends.meet(function, of: target.name, until: model.moment(settings))
        guard !isStale || sums[place].isStale else { continue }
        sums[place].isStale = isStale
        sums[place].isKept =
          sums[place].isKept || (model.isKept(target, settings) && isCounted && watched >= 0.5)
        var started: Int64 = 0
        for sample in target.history.window(endingAt: end, length: length) {
          let own = (max(sample.first, end - Int64(length) + 1)...sample.second).map {
            slots - 1 - min(slots - 1, Int(end - $0) * slots / length)
          }
          if isCounted { for slot in own { sums[place].trend[slot] = max(0, sums[place].trend[slot]) } }
          for delta in sample.series where Int(delta.series) == number {
            if sample.second > end - 15, isTroubled(delta) { sums[place].goesOn = true }
            started += Int64(delta.started)
            for slot in own {
              sums[place].trend[slot] =
                max(0, sums[place].trend[slot]) + Double(delta.started) / Double(sample.span)
            }
            sums[place].finished += delta.finished
            sums[place].failed += Int64(delta.failed)
            sums[place].rejected += Int64(delta.rejected)
            sums[place].retries += Int64(delta.retries)
            if sample.second == end { sums[place].inFlight += Int64(delta.inFlight) }
            for entry in delta.packedLatencies { sums[place].latency.record(entry) }
          }
        }
        sums[place].rate += Double(started) / watched
      }
    }
    return sums
  }
}

extension BucketCounts {
  /// Of a whole histogram.
  init(_ histogram: LatencyHistogram) {
    self.init()
    add(SeriesDelta.pack(histogram)[...])
  }
}
