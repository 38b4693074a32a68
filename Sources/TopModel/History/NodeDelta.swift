import GenAPITelemetry

/// What one gateway asked of one service node in one second.
struct NodeDelta: Sendable {
  /// The node's number in `TargetHistory.serviceNodes`.
  var key: Int32
  var calls: Int32
  var failures: Int32
  /// As in `SeriesDelta`.
  var latencies: [UInt32]
}
