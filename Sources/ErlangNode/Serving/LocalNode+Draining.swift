import Locking
import OutsideText

extension LocalNode {
  /// Takes no more calls, and waits until those under way are answered, at most so long. The node stays connected, calls
  /// others, and takes messages.
  ///
  /// A call that comes now is answered as if the node could not be reached, which it soon cannot: `noconnection` to
  /// `erpc`, `nodedown` to `rpc` and `gen_server`. So its caller knows that the function did not run, and may ask another
  /// node.
  ///
  /// - Returns: false when calls were still under way after that time, or when the task was cancelled.
  @discardableResult
  public func drain(timeout: Duration) async -> Bool {
    let (idle, signal) = AsyncStream.makeStream(of: Void.self)
    core.drain { signal.finish() }
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in idle {}
        return !Task.isCancelled
      }
      group.addTask {
        try? await Task.sleep(for: min(max(.zero, timeout), .seconds(86_400)))
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
  }

  /// Calls of other nodes that run here now.
  public var callsServing: Int { core.withState { $0.serving } }
}
