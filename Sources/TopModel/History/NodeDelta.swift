import GenAPITelemetry

/// What one gateway asked of one service node in one second.
struct NodeDelta: Sendable {
  /// The node's number in `TargetHistory.serviceNodes`.
  var key: Int32
  var calls: Int32
  /// Those that went on to another node are not among them.
  var failures: Int32
  /// Calls that went on to another node, as this one could not be reached.
  var failovers: Int32
  /// As in `SeriesDelta`.
  var latencies: [UInt32]
}
