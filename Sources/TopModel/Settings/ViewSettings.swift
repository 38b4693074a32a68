import GenAPIValue

/// What the user chose to see: the same model shows something else with other settings, and nothing in the
/// model changes.
package struct ViewSettings: Equatable, Sendable {
  /// The terms in force, as typed; parsed by `FilterExpression`.
  package var filter = FilterExpression()
  package var window = StatisticsWindow.oneMinute
  package var moment = Moment.live
  package var requestSort = RequestSort.worst
  package var isSortReversed = false
  package var requestGrouping = RequestGrouping.functions
  package var latencyMode = LatencyMode.lines
  package var latencyScope = LatencyScope.all
  package var circuitView = CircuitMode.pools

  package init() {}

  /// No event after this belongs to the moment shown.
  var until: Int64 { if case .at(let moment) = moment { moment } else { .max } }
}

/// Over how much of the past rates and percentiles are computed.
package enum StatisticsWindow: Int, CaseIterable, Sendable {
  case tenSeconds = 10
  case oneMinute = 60
  case fiveMinutes = 300
  case fifteenMinutes = 900

  package var seconds: Int { rawValue }

  /// `10s`, `1m`, `5m`, `15m`.
  package var label: String { rawValue < 60 ? "\(rawValue)s" : "\(rawValue / 60)m" }
}

/// Which moment the panes show.
package enum Moment: Equatable, Sendable {
  case live
  /// Microseconds since the Unix epoch.
  case at(Int64)
}

/// The column the requests pane is sorted by; all but the names sort falling. `worst` is none of them: what fails, is slow or is
/// refused stands above what is well, what goes on above what has ended, and each by its rate.
package enum RequestSort: String, CaseIterable, Sendable {
  case worst, rate, errors, rejected, failovers, inFlight, p50, p95, p99, max, service, type
}

package enum LatencyMode: String, CaseIterable, Sendable {
  case lines, heatMap, histogram
}

package enum LatencyScope: Equatable, Sendable {
  case all
  case service(ByteText)
  case function(service: ByteText, requestType: ByteText)

  package var label: String {
    switch self {
    case .all: "all"
    case .service(let service): service.string
    case .function(let service, let requestType): "\(service) \(requestType)"
    }
  }
}

package enum CircuitMode: String, CaseIterable, Sendable {
  case pools, workers, timeline, openOnly, byService

  package var label: String {
    switch self {
    case .pools: "pools"
    case .workers: "workers"
    case .timeline: "timeline"
    case .openOnly: "open only"
    case .byService: "by service"
    }
  }
}
