import GenAPITelemetry

extension PoolState {
  /// Whether it has no room, or next to none: all workers are busy, and 95 % of its queue is taken.
  package var isFull: Bool {
    workers > 0 && busy >= workers && Double(queued) >= Double(queueLimit) * 0.95
  }
}
