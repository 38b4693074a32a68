import GenAPIValue

/// The settings of the threads for functions that block: see `Endpoint.offloaded`.
public struct OffloadConfiguration: Sendable, Equatable {
  /// Calls that run at one time, each on a thread of its own: 1 … 1 000.
  public var threads: Int
  /// Calls that wait for a thread; one more is refused, and its client may ask again: 0 … 1 000 000.
  public var queueLimit: Int

  public init(threads: Int = 64, queueLimit: Int = 1_000) {
    self.threads = threads
    self.queueLimit = queueLimit
  }

  /// - Throws: `WorkerPoolError` naming the setting and its range.
  public func validate() throws(WorkerPoolError) {
    for (name, value, range) in [
      ("offload threads", threads, 1...1_000), ("offload queue_limit", queueLimit, 0...1_000_000),
    ] as [(String, Int, ClosedRange<Int>)] where !range.contains(value) {
      throw .invalidSetting(
        name: "\(name)", value: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}
