import GenAPIValue
import Synchronization

/// Takes one push after the other: a flood of them keeps one thread busy, and not all of those that requests need.
final class PushQueue: Sendable {
  /// Pushes that wait, of all nodes.
  static let most = 1_000
  /// The same of one node.
  static let mostOfNode = 100

  private struct State {
    var isBusy = false
    var waiting: [(node: ByteText, turn: CheckedContinuation<Void, Never>)] = []
    /// Where those begin that still wait.
    var first = 0
    var ofNode: [ByteText: Int] = [:]

    mutating func forget(_ node: ByteText) {
      ofNode[node] = ofNode[node].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
  }

  private enum Entry { case first, later, refused }

  private let state = Mutex(State())

  /// Pushes that wait now.
  var waiting: Int { state.withLock { $0.waiting.count - $0.first } }

  /// - Returns: nil when too many wait.
  func run<Answer: Sendable>(for node: ByteText, _ body: @Sendable () async -> Answer) async -> Answer? {
    guard await enter(node) else { return nil }
    defer { leave() }
    return await body()
  }

  private func enter(_ node: ByteText) async -> Bool {
    let entry = state.withLock { state -> Entry in
      guard state.isBusy else {
        state.isBusy = true
        return .first
      }
      guard state.waiting.count - state.first < Self.most, state.ofNode[node, default: 0] < Self.mostOfNode
      else { return .refused }
      state.ofNode[node, default: 0] += 1
      return .later
    }
    guard entry == .later else { return entry == .first }
    await withCheckedContinuation { turn in
      let isTurn = state.withLock { state -> Bool in
        // All that were before it may have ended meanwhile.
        guard state.isBusy else {
          state.isBusy = true
          state.forget(node)
          return true
        }
        state.waiting.append((node, turn))
        return false
      }
      if isTurn { turn.resume() }
    }
    return true
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.first < state.waiting.count else {
        state.waiting = []
        state.first = 0
        state.isBusy = false
        return nil
      }
      let next = state.waiting[state.first]
      state.first += 1
      if state.first >= 256 {
        state.waiting.removeFirst(state.first)
        state.first = 0
      }
      state.forget(next.node)
      return next.turn
    }
    next?.resume()
  }
}
