import GenAPITelemetry
import GenAPIValue

/// What a function had counted by the state before, without its names and texts, of which a copy would count a dozen references.
struct SeriesCounts {
  let requests: Int64
  let retries: Int64
  let outcomes: [ByteText: Int64]
  let latency: LatencyHistogram

  init(_ series: SeriesState) {
    requests = series.requests
    retries = series.retries
    outcomes = series.outcomes
    latency = series.latency
  }

  /// Whether nothing was counted since.
  func countsAs(_ later: SeriesState) -> Bool {
    requests == later.requests && retries == later.retries && outcomes == later.outcomes
  }
}
