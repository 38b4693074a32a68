import DequeModule
import Synchronization

/// A process of this node that other nodes can send to: its pid, and what came.
///
/// It ends when it is let go of, or told to: then whoever monitors it is told.
public final class Mailbox: Sendable {
  /// What can arrive.
  public enum Message: Sendable, Equatable {
    /// A term that a process sent.
    case message(Term)
    /// A linked process ended, or somebody sent an exit.
    case exit(from: Pid, reason: Term)
    /// A monitored process ended.
    case down(Reference, reason: Term)
  }

  /// Under which other nodes send to it.
  public let pid: Pid
  private let core: NodeCore
  private let limit: Int
  private let limitBytes: Int

  private struct State {
    var messages: Deque<(message: Message, bytes: Int)> = []
    /// Of all that wait, on the wire.
    var bytes = 0
    var waiter: CheckedContinuation<Message?, Never>?
    var isEnded = false
    var lost: Int64 = 0
  }

  private let state = Mutex(State())

  init(pid: Pid, core: NodeCore, limit: Int, limitBytes: Int) {
    self.pid = pid
    self.core = core
    self.limit = limit
    self.limitBytes = limitBytes
  }

  deinit { core.mailboxEnded(pid) }

  /// Messages that came while it was full; each of them is lost.
  public var lostMessages: Int64 { state.withLock { $0.lost } }

  /// The next message; nil when the mailbox has ended or the task is cancelled. One reader at a time.
  public func receive() async -> Message? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let next = state.withLock { state -> Message?? in
          if let next = state.messages.popFirst() {
            state.bytes -= next.bytes
            return .some(next.message)
          }
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
      state.bytes = 0
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
  ///
  /// - Parameter bytes: how large it was on the wire.
  func deliver(_ message: Message, bytes: Int) -> Bool {
    let (isTaken, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Message?, Never>?) in
      if state.isEnded { return (false, nil) }
      if let waiter = state.waiter {
        state.waiter = nil
        return (true, waiter)
      }
      // One message is always taken, however large, so that it can come at all.
      guard state.messages.count < limit, state.messages.isEmpty || state.bytes + bytes <= limitBytes else {
        state.lost += 1
        return (false, nil)
      }
      state.messages.append((message, bytes))
      state.bytes += bytes
      return (true, nil)
    }
    waiter?.resume(returning: message)
    return isTaken
  }
}
