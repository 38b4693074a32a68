import GenAPIStream
import GenAPITelemetry

/// A gateway's states as the exporter makes them, for a subscriber who knows each.
///
/// For the guard, which is a package of its own: what the exporter is made of is not for other packages.
public struct MeasuredStates {
  private let source: any StateSource
  private var kept = KeptState()
  private let changedBuckets: Bool

  /// - Parameter changedBuckets: of latencies only the buckets that changed are told.
  public init(of source: any StateSource, changedBuckets: Bool = false) {
    self.source = source
    self.changedBuckets = changedBuckets
    _ = next()
  }

  /// Makes the next state.
  ///
  /// - Returns: how many bytes tell it.
  public mutating func next() -> Int {
    let known = kept.number
    kept.take(from: source, oldest: known, tracksBuckets: changedBuckets)
    return kept.lines(since: known, at: 1, sequence: 1, changedBuckets: changedBuckets).reduce(0) {
      $0 + $1.readableBytes
    }
  }
}
