import GenAPIValue
import Locking

/// The nodes that a pool's task asked, for their circuit breakers: what came of each of them last. At most as many as its
/// function's config names.
final class AskedNodes: Sendable {
  /// What a breaker learns of its node.
  enum Result: Sendable, Equatable {
    case answered
    case failed(ByteText)
    /// It was asked, and nothing is known of it: who asked gave up.
    case untold
  }

  private struct State {
    /// In the order in which they were asked last.
    var asked: [(node: ByteText, result: Result)] = []
  }

  private let state = Mutex(State())

  /// A node is asked now; nothing is known of it until `ended`.
  func began(_ node: ByteText) {
    state.withLock { state in
      state.asked.removeAll { $0.node == node }
      state.asked.append((node, .untold))
    }
  }

  /// What came of the node that was asked last.
  ///
  /// - Parameter failure: nil when it answered.
  func ended(_ failure: ByteText?) {
    state.withLock { state in
      guard let last = state.asked.indices.last else { return }
      state.asked[last].result = failure.map(Result.failed) ?? .answered
    }
  }

  /// What came of each of them, once the task has ended. Its own end is that of the node asked last, which may fail after it
  /// answered, as one whose stream breaks off.
  ///
  /// - Parameters:
  ///   - failure: the task's; nil when it did not fail.
  ///   - isTold: whether the task's end says anything of what it called.
  func results(failure: ByteText?, isTold: Bool) -> [(node: ByteText, result: Result)] {
    var asked = state.withLock { $0.asked }
    guard let last = asked.indices.last else { return [] }
    switch (asked[last].result, failure) {
    case (.failed, .some): break
    case (_, let failure?): asked[last].result = .failed(failure)
    case (.failed, nil) where !isTold: break
    case (_, nil): asked[last].result = isTold ? .answered : .untold
    }
    return asked
  }
}
