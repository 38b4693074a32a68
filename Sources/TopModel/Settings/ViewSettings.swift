import GenAPIValue

/// What the user chose to see: the same model shows something else with other settings, and nothing in the
/// model changes.
public struct ViewSettings: Equatable, Sendable {
  /// The terms in force, as typed; parsed by `FilterExpression`.
  public var filter = FilterExpression()
  public var window = StatisticsWindow.oneMinute
  public var moment = Moment.live
  public var requestSort = RequestSort.rate
  public var isSortReversed = false
  public var latencyMode = LatencyMode.lines
  public var latencyScope = LatencyScope.all
  public var circuitView = CircuitMode.pools

  public init() {}
}

/// Over how much of the past rates and percentiles are computed.
public enum StatisticsWindow: Int, CaseIterable, Sendable {
  case tenSeconds = 10
  case oneMinute = 60
  case fiveMinutes = 300
  case fifteenMinutes = 900

  public var seconds: Int { rawValue }

  /// `10s`, `1m`, `5m`, `15m`.
  public var label: String { rawValue < 60 ? "\(rawValue)s" : "\(rawValue / 60)m" }
}

/// Which moment the panes show.
public enum Moment: Equatable, Sendable {
  case live
  /// Microseconds since the Unix epoch.
  case at(Int64)
}

/// The column the requests pane is sorted by; all but the names sort falling.
public enum RequestSort: String, CaseIterable, Sendable {
  case service, type, rate, errors, rejected, inFlight, p50, p95, p99, max
}

public enum LatencyMode: String, CaseIterable, Sendable {
  case lines, heatMap, histogram
}

public enum LatencyScope: Equatable, Sendable {
  case all
  case service(ByteText)
  case function(service: ByteText, requestType: ByteText)

  public var label: String {
    switch self {
    case .all: "all"
    case .service(let service): service.string
    case .function(let service, let requestType): "\(service) \(requestType)"
    }
  }
}

public enum CircuitMode: String, CaseIterable, Sendable {
  case pools, workers, timeline, openOnly, byService

  public var label: String {
    switch self {
    case .pools: "pools"
    case .workers: "workers"
    case .timeline: "timeline"
    case .openOnly: "open only"
    case .byService: "by service"
    }
  }
}
