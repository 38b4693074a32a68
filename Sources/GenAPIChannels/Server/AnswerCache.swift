import GenAPIGateway
import GenAPIValue
import Locking

/// Makes an answer once for all who ask within a time, and never twice at once: strangers decide how often they ask, not
/// how much work that is. It is made on a thread apart from those of requests.
public final class AnswerCache: Sendable {
  private struct State {
    var kept: HTTPAnswer?
    var keptMark = 0
    /// Which of all makings it is of.
    var keptNumber = 0
    var madeNs: Int64 = 0
    var making: (task: Task<HTTPAnswer, Never>, mark: Int)?
    /// Makings that were begun.
    var begun = 0
  }

  private enum Step {
    case kept(HTTPAnswer)
    case making(Task<HTTPAnswer, Never>)
    /// One is being made of what is not so any more.
    case outdated(Task<HTTPAnswer, Never>)
  }

  private let route: @Sendable () async -> HTTPAnswer
  private let mark: @Sendable () -> Int
  private let keptNs: Int64
  private let clock: any GatewayClock
  private let state = Mutex(State())

  /// - Parameters:
  ///   - time: how long an answer is given again.
  ///   - mark: another number than before throws the answer away that is kept; asked each time.
  public init(
    for time: Duration, clock: any GatewayClock, mark: @escaping @Sendable () -> Int = { 0 },
    _ route: @escaping @Sendable () async -> HTTPAnswer
  ) {
    keptNs = time.wholeNanoseconds
    self.clock = clock
    self.mark = mark
    self.route = route
  }

  /// The answer, made anew when the last one is too old.
  ///
  /// One that was begun after somebody asked is good for them whatever has changed since: where something changes all the time, each
  /// waits for two of them at most.
  public func answer() async -> HTTPAnswer {
    let asked = state.withLock(\.begun)
    while true {
      switch step(asked) {
      case .kept(let answer): return answer
      case .making(let task): return await task.value
      case .outdated(let task): _ = await task.value
      }
    }
  }

  /// - Parameter asked: how many had been begun when it was asked for.
  private func step(_ asked: Int) -> Step {
    let mark = mark()
    return state.withLock { state in
      if let kept = state.kept, state.keptNumber > asked { return .kept(kept) }
      if let kept = state.kept, state.keptMark == mark, clock.monotonicNanoseconds() - state.madeNs < keptNs {
        return .kept(kept)
      }
      if let making = state.making {
        return making.mark == mark || state.begun > asked ? .making(making.task) : .outdated(making.task)
      }
      state.begun += 1
      let number = state.begun
      let task = Task(executorPreference: WorkThreads.reports) { await self.make(mark, number) }
      state.making = (task, mark)
      return .making(task)
    }
  }

  private func make(_ mark: Int, _ number: Int) async -> HTTPAnswer {
    let answer = await route()
    state.withLock { state in
      state.kept = answer
      state.keptMark = mark
      state.keptNumber = number
      state.madeNs = clock.monotonicNanoseconds()
      state.making = nil
    }
    return answer
  }
}
