import Locking

/// Where those who make the parts of streams wait for whoever takes them.
package final class StreamRoom: Sendable {
  private struct State {
    var isClosed = false
    var lastID: UInt64 = 0
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    /// Cancelled before they waited.
    var cancelled: Set<UInt64> = []

    mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
      defer { waiting = [:] }
      return Array(waiting.values)
    }
  }

  private let full = Atomic<Bool>(false)
  private let state = Mutex(State())

  package init() {}

  package var isFull: Bool { full.load(ordering: .relaxed) }

  /// Says whether parts wait from now on; when not, those who wait go on.
  package func set(full isFull: Bool) {
    let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      full.store(isFull && !state.isClosed, ordering: .relaxed)
      return isFull ? [] : state.takeWaiting()
    }
    for waiter in ready { waiter.resume() }
  }

  /// Nobody takes parts any more, so nobody waits any more.
  package func close() {
    let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.isClosed = true
      full.store(false, ordering: .relaxed)
      return state.takeWaiting()
    }
    for waiter in ready { waiter.resume() }
  }

  /// Returns once there is room, or nobody takes parts any more, or the task is cancelled.
  package nonisolated(nonsending) func wait() async {
    guard isFull else { return }
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.cancelled.remove(id) != nil || !isFull { return true }
          state.waiting[id] = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
        if let waiter = state.waiting.removeValue(forKey: id) { return waiter }
        state.cancelled.insert(id)
        return nil
      }
      waiter?.resume()
    }
    _ = state.withLock { $0.cancelled.remove(id) }
  }
}
