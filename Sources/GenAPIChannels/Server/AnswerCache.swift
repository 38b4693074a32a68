import GenAPIGateway
import GenAPIValue
import Synchronization

/// Makes an answer once for all who ask within a time, and never twice at once: strangers decide how often they ask, not
/// how much work that is.
public final class AnswerCache: Sendable {
  private struct State {
    var kept: HTTPAnswer?
    var madeNs: Int64 = 0
    var making: Task<HTTPAnswer, Never>?
  }

  private let route: @Sendable () async -> HTTPAnswer
  private let keptNs: Int64
  private let clock: any GatewayClock
  private let state = Mutex(State())

  /// - Parameter time: how long an answer is given again.
  public init(
    for time: Duration, clock: any GatewayClock, _ route: @escaping @Sendable () async -> HTTPAnswer
  ) {
    keptNs = time.wholeNanoseconds
    self.clock = clock
    self.route = route
  }

  /// The answer, made anew when the last one is too old.
  public func answer() async -> HTTPAnswer {
    let (kept, task) = state.withLock { state -> (HTTPAnswer?, Task<HTTPAnswer, Never>?) in
      if let kept = state.kept, clock.monotonicNanoseconds() - state.madeNs < keptNs { return (kept, nil) }
      if let making = state.making { return (nil, making) }
      let task = Task { await make() }
      state.making = task
      return (nil, task)
    }
    if let kept { return kept }
    return await task!.value
  }

  private func make() async -> HTTPAnswer {
    let answer = await route()
    state.withLock { state in
      state.kept = answer
      state.madeNs = clock.monotonicNanoseconds()
      state.making = nil
    }
    return answer
  }
}
