import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// Which ends of requests are looked for among the events that are kept.
package struct RequestEnds: Equatable, Sendable {
  package var filter: FilterExpression
  package var scope = LatencyScope.all
  /// Microseconds since the Unix epoch.
  package var times: ClosedRange<Int64>
  /// By gateway what of the times is meant of it; nil where no gateway's seconds are.
  package var spans: [ByteText: ClosedRange<Int64>]?
  /// How long those took that ran, in microseconds; nil for all, also those that were refused.
  package var durations: Range<Int64>?

  package init(
    filter: FilterExpression = FilterExpression(), scope: LatencyScope = .all, times: ClosedRange<Int64>,
    durations: Range<Int64>? = nil
  ) {
    self.filter = filter
    self.scope = scope
    self.times = times
    self.durations = durations
  }

  func includes(_ row: EventRow) -> Bool {
    let record = row.record
    guard record.endsRequest, times.contains(record.at) else { return false }
    if let spans {
      guard let span = spans[row.node], span.contains(record.at) else { return false }
    }
    if let durations {
      guard record.outcome?.hasRun == true, let taken = record.durationUs else { return false }
      // As the gateways count it: a histogram knows a bucket, not the microsecond.
      let counted = LatencyHistogram.representative(of: LatencyHistogram.bucket(of: taken))
      guard durations.contains(counted) else { return false }
    }
    switch scope {
    case .all: break
    case .service(let service): guard record.service == service else { return false }
    case .function(let service, let type):
      guard record.service == service, record.requestType == type else { return false }
    }
    return filter.isEmpty || filter.matches(row)
  }
}
