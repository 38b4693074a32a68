import Locking
import OutsideText

/// Lets calls of one node run one after the other, each until its answer is on its way.
///
/// A node that asks for much at once, or reads nothing of what it asked for, holds one answer of ours and one thread, and nobody
/// else waits for it.
final class CallTurns: Sendable {
  /// Calls of one node that wait; more are refused.
  static let most = 1_000

  private struct State {
    var isTaken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// Where those begin that still wait.
    var first = 0
  }

  private enum Entry { case now, later, never }

  private let state = Mutex(State())

  /// Calls that wait now.
  var waiting: Int { state.withLock { $0.waiting.count - $0.first } }

  /// - Returns: nil when too many wait.
  func take() async -> CallTurn? {
    let entry = state.withLock { state -> Entry in
      guard state.isTaken else {
        state.isTaken = true
        return .now
      }
      return state.waiting.count - state.first < Self.most ? .later : .never
    }
    guard entry != .never else { return nil }
    if entry == .later {
      await withCheckedContinuation { continuation in
        let isFree = state.withLock { state in
          // The one before may have ended meanwhile.
          guard state.isTaken else {
            state.isTaken = true
            return true
          }
          state.waiting.append(continuation)
          return false
        }
        if isFree { continuation.resume() }
      }
    }
    return CallTurn(self)
  }

  fileprivate func pass() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.first < state.waiting.count else {
        state.waiting = []
        state.first = 0
        state.isTaken = false
        return nil
      }
      defer {
        state.first += 1
        if state.first >= 256 {
          state.waiting.removeFirst(state.first)
          state.first = 0
        }
      }
      return state.waiting[state.first]
    }
    next?.resume()
  }
}

/// The turn of one call: it ends with the last who holds it.
final class CallTurn: Sendable {
  private let turns: CallTurns

  fileprivate init(_ turns: CallTurns) { self.turns = turns }

  deinit { turns.pass() }
}
