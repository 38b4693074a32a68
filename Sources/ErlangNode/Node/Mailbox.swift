import DequeModule
import Synchronization

/// A process of this node that other nodes can send to: its pid, and what came.
///
/// It ends when it is let go of, or told to: then whoever monitors it is told.
public final class Mailbox: Sendable {
  public enum Message: Sendable, Equatable {
    case message(Term)
    /// A linked process ended, or somebody sent an exit.
    case exit(from: Pid, reason: Term)
    /// A monitored process ended.
    case down(Reference, reason: Term)
  }

  public let pid: Pid
  private let core: NodeCore
  private let limit: Int

  private struct State {
    var messages: Deque<Message> = []
    var waiter: CheckedContinuation<Message?, Never>?
    var isEnded = false
    var lost: Int64 = 0
  }

  private let state = Mutex(State())

  init(pid: Pid, core: NodeCore, limit: Int) {
    self.pid = pid
    self.core = core
    self.limit = limit
  }

  deinit { core.mailboxEnded(pid) }

  /// Messages that came while it was full; each of them is lost.
  public var lostMessages: Int64 { state.withLock { $0.lost } }

  /// The next message; nil when the mailbox has ended or the task is cancelled. One reader at a time.
  public func receive() async -> Message? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let next = state.withLock { state -> Message?? in
          if let message = state.messages.popFirst() { return .some(message) }
          if state.isEnded || Task.isCancelled { return .some(nil) }
          state.waiter = continuation
          return nil
        }
        if let next { continuation.resume(returning: next) }
      }
    } onCancel: {
      take()?.resume(returning: nil)
    }
  }

  /// Ends it: waiting readers get nil, and nothing is taken any more.
  public func end() {
    let waiter = state.withLock { state in
      state.isEnded = true
      state.messages = []
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
    core.mailboxEnded(pid)
  }

  private func take() -> CheckedContinuation<Message?, Never>? {
    state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
  }

  /// False when it is full or has ended; the message is lost then.
  func deliver(_ message: Message) -> Bool {
    let (isTaken, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Message?, Never>?) in
      if state.isEnded { return (false, nil) }
      if let waiter = state.waiter {
        state.waiter = nil
        return (true, waiter)
      }
      guard state.messages.count < limit else {
        state.lost += 1
        return (false, nil)
      }
      state.messages.append(message)
      return (true, nil)
    }
    waiter?.resume(returning: message)
    return isTaken
  }
}
