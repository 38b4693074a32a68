import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// The calls that failed in a pool, of the events that `ViewCache.breakerEvents` found.
package enum PoolFailures {
  /// Of each failed call its end, and of each failed task whose call's end is not among the events its own; oldest first.
  ///
  /// A call is the pool's when an event of the pool names it: of others that failed meanwhile nobody knows that they were there.
  ///
  /// - Parameters:
  ///   - rows: oldest first.
  ///   - worker: in which one; nil for all.
  ///   - until: the last moment, microseconds since the Unix epoch.
  package static func rows(
    _ rows: [EventRow], on gateway: ByteText, worker: Int? = nil, until: Int64 = .max
  ) -> [EventRow] {
    let own = rows.filter { $0.node == gateway && $0.record.at <= until }
    let tasks = own.filter { row in
      guard row.record.isOfTask else { return false }
      guard let worker, let number = row.record.metadata("worker")?.int else { return true }
      return number == Int64(worker)
    }
    let calls = Set(tasks.compactMap(\.record.namedRequest))
    let ends = own.filter { $0.record.isFailedEnd && $0.record.namedRequest.map(calls.contains) == true }
    let ended = Set(ends.compactMap(\.record.namedRequest))
    let failed = tasks.filter { row in
      row.record.known == .workerPoolTaskException && row.record.namedRequest.map(ended.contains) != true
    }
    return (ends + failed).sorted { $0.record.at < $1.record.at }
  }
}

extension EventRecord {
  fileprivate var isOfTask: Bool {
    switch known {
    case .workerPoolTaskStart, .workerPoolTaskStop, .workerPoolTaskException, .workerPoolTaskRejected: true
    default: false
    }
  }

  /// The tasks of an Elixir gateway name no request.
  fileprivate var namedRequest: ByteText? { requestID.flatMap { $0.isEmpty ? nil : $0 } }
}
