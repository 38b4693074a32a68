/// Steps that run one after another in the order in which they were added, on whichever thread comes to run them.
///
/// Who changes something under a lock adds a step under that lock and runs the steps after it. So watchers hear of changes in
/// the order in which they happened, whatever the threads, and nobody calls them with a lock held.
public final class OrderedSteps: Sendable {
  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var isRunning = false

    mutating func takeWaiting() -> [@Sendable () -> Void] {
      defer { waiting = [] }
      return waiting
    }
  }

  private let state = Mutex(State())

  public init() {}

  /// Adds a step after all that were added before.
  public func add(_ step: @escaping @Sendable () -> Void) { state.withLock { $0.waiting.append(step) } }

  /// Runs all steps that wait; at once back when another thread, or a step of this one, is running them.
  public func run() {
    while true {
      let steps = state.withLock { state -> [@Sendable () -> Void] in
        guard !state.isRunning, !state.waiting.isEmpty else { return [] }
        state.isRunning = true
        return state.takeWaiting()
      }
      if steps.isEmpty { return }
      for step in steps { step() }
      state.withLock { $0.isRunning = false }
    }
  }
}
