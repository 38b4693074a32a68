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
  ///   - node: the service node that was called, as far as the events tell it; nil for all.
  ///   - until: the last moment, microseconds since the Unix epoch.
  package static func rows(
    _ rows: [EventRow], on gateway: ByteText, worker: Int? = nil, node: ByteText? = nil, until: Int64 = .max
  ) -> [EventRow] {
    let own = rows.filter { $0.node == gateway && $0.record.at <= until }
    let tasks = tasks(own, worker)
    let calls = Set(tasks.compactMap(\.record.namedRequest))
    let ends = own.filter { $0.record.isFailedEnd && $0.record.namedRequest.map(calls.contains) == true }
    let ended = Set(ends.compactMap(\.record.namedRequest))
    let failed = tasks.filter { row in
      row.record.known == .workerPoolTaskException && row.record.namedRequest.map(ended.contains) != true
    }
    let all = (ends + failed).sorted { $0.record.at < $1.record.at }
    guard let node else { return all }
    // A call's end tells what was called; of one for which nothing was it is told by what became of its tasks.
    let told = tasks.filter { $0.record.metadata("node") != nil }
    let ofTasks = Dictionary(grouping: told) { $0.record.namedRequest ?? "" }
    return all.filter { row in
      guard row.record.metadata("node_called") == nil, let request = row.record.namedRequest,
        let tasks = ofTasks[request]
      else { return isOf(node, row) }
      return tasks.contains { isOf(node, $0) }
    }
  }

  /// Attempts that failed and were made again, which a breaker counts as failures whatever became of the call; oldest first.
  ///
  /// - Parameters: as of `rows`.
  package static func retried(
    _ rows: [EventRow], on gateway: ByteText, worker: Int? = nil, node: ByteText? = nil
  ) -> [EventRow] {
    let own = rows.filter { $0.node == gateway }
    let calls = Set(tasks(own, worker).compactMap(\.record.namedRequest))
    return own.filter { row in
      row.record.known == .executorRetry && row.record.namedRequest.map(calls.contains) == true
        && isAgain(after: node, row.record)
    }
  }

  /// What a pool told of its tasks, of one worker or of all.
  private static func tasks(_ rows: [EventRow], _ worker: Int?) -> [EventRow] {
    rows.filter { row in
      guard row.record.isOfTask else { return false }
      guard let worker, let number = row.record.metadata("worker")?.int else { return true }
      return number == Int64(worker)
    }
  }

  /// Whether an attempt is made again as a node failed the one before: where others are tried it is the last of them in turn.
  private static func isAgain(after node: ByteText?, _ retry: EventRecord) -> Bool {
    guard let node, let nodes = retry.metadata("nodes")?.array else { return true }
    let isOfAll = retry.metadata("mode")?.string == "all_nodes"
    return isOfAll ? nodes.last?.string == node : nodes.contains { $0.string == node }
  }

  /// Whether what an event tells may be of a service node: one that names none may.
  package static func isOf(_ node: ByteText?, _ row: EventRow) -> Bool {
    guard let node else { return true }
    if let told = row.record.metadata("node_called") ?? row.record.metadata("node") {
      return told.string.map { $0.isEmpty || $0 == node } ?? true
    }
    let named = namedNodes(row.record)
    return named.isEmpty || named.contains(node)
  }

  /// The nodes of which a gateway says how they failed: `a@h: exit x`, `a@h: no answer; then b@h: exit x`. A call that raised tells no
  /// other way.
  private static func namedNodes(_ record: EventRecord) -> [ByteText] {
    guard let reason = (record.metadata("reason") ?? record.metadata("error"))?.string else { return [] }
    let words = reason.split(separator: UInt8(ascii: " "))
    return words.indices.compactMap { index in
      let word = words[index]
      guard index == 0 || words[index - 1] == "then" || words[index - 1].hasSuffix(";"),
        word.hasSuffix(":"), word.utf8.contains(UInt8(ascii: "@"))
      else { return nil }
      return word.prefix(bytes: word.byteCount - 1)
    }
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
