import GenAPIStream
import GenAPITelemetry

/// A gateway's states as the exporter makes them, for a subscriber who knows each.
///
/// For the guard, which is a package of its own: what the exporter is made of is not for other packages.
public struct MeasuredStates {
  private let source: any StateSource
  private var kept = KeptState()

  public init(of source: any StateSource) {
    self.source = source
    _ = next()
  }

  /// Makes the next state.
  ///
  /// - Returns: how many bytes tell it.
  public mutating func next() -> Int {
    let known = kept.number
    kept.take(from: source, oldest: known)
    return kept.lines(since: known, at: 1, sequence: 1).reduce(0) { $0 + $1.readableBytes }
  }
}
