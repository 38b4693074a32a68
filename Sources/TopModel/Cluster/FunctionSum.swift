import GenAPITelemetry
import GenAPIValue

/// A function's numbers while they are added up.
struct FunctionSum {
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
    self.function.lastRefusal = nil
    self.function.lastRefusalAt = nil
    trend = Array(repeating: 0, count: slots)
    known = Array(repeating: false, count: slots)
  }

  /// - Parameter until: an error after this moment is not known yet.
  mutating func meet(_ other: SeriesState, of gateway: ByteText, stale: Bool, until: Int64) {
    isStale = isStale && stale
    if let refusal = other.lastRefusal, other.lastRefusalAt ?? 0 <= until,
      function.lastRefusal == nil || other.lastRefusalAt ?? 0 >= function.lastRefusalAt ?? 0
    {
      function.lastRefusal = refusal
      function.lastRefusalAt = other.lastRefusalAt
    }
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
    row.lastRefusal = function.lastRefusal
    row.lastRefusalAt = function.lastRefusalAt
    row.isKept = isKept
    row.lastErrorAt = function.lastErrorAt
    row.lastErrorGateway = lastErrorGateway
    return row
  }
}
