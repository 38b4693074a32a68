import GenAPITelemetry
import GenAPIValue

/// A row while it is put together: a function's or a group's total, its latencies and its course over the window.
struct FunctionSum {
  var function: SeriesState
  var total = FunctionTotal()
  var latency = BucketCounts()
  var inFlight: Int64 = 0
  var trend: [Double]
  var trendScale = 1.0
  /// Of `trend`: the others are not known.
  var known: [Bool]
  var lastErrorGateway: ByteText?
  /// As `RequestRow.missesLastError` and `missesLastRefusal`.
  private var missesLastError = false
  private var missesLastRefusal = false

  init(service: ByteText, requestType: ByteText = "", version: ByteText?, slots: Int) {
    function = SeriesState(service: service, requestType: requestType, version: version)
    trend = Array(repeating: 0, count: slots)
    known = Array(repeating: false, count: slots)
  }

  /// Takes how a request failed last and why one was refused last, of whichever gateway was last.
  ///
  /// - Parameter until: an error after this moment is not known yet.
  mutating func meet(_ other: SeriesState, of gateway: ByteText, until: Int64) {
    // Of each gateway the newest is kept, and no other.
    if other.lastRefusal != nil, other.lastRefusalAt ?? 0 > until { missesLastRefusal = true }
    if other.lastError != nil, other.lastErrorAt ?? 0 > until { missesLastError = true }
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

  var row: RequestRow {
    var row = RequestRow(
      service: function.service, requestType: function.requestType, version: function.version,
      requestsPerSecond: total.rate, errorPercent: total.errorPercent, rejectedPercent: total.rejectedPercent,
      inFlight: max(0, inFlight), p50: latency.quantile(0.5), p95: latency.quantile(0.95),
      p99: latency.quantile(0.99), max: latency.highest,
      trend: zip(known, trend).map { $0 ? $1 * trendScale : -1 }, retries: total.counts.retries,
      lastError: function.lastError, isStale: total.isStale)
    row.lastRefusal = function.lastRefusal
    row.lastRefusalAt = function.lastRefusalAt
    row.isKept = total.isKept
    row.goesOn = total.goesOn
    row.lastErrorAt = function.lastErrorAt
    row.lastErrorGateway = lastErrorGateway
    row.missesLastError = missesLastError
    row.missesLastRefusal = missesLastRefusal
    return row
  }
}
