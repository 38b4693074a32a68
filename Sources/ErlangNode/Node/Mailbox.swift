import DequeModule
import Locking
import OutsideText

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
  /// What all of a kind may hold together; nil for a mailbox by itself.
  private let room: MailboxRoom?
  /// Ends it at its first message too many; nil when such messages are lost, and others still come.
  private let overflow: Overflow?

  /// The end of a mailbox that takes all or nothing.
  package struct Overflow: Sendable {
    let reason: Term
    let told: @Sendable () -> Void

    /// - Parameters:
    ///   - reason: what linked and watching processes are told.
    ///   - told: called once, from any thread, after they are.
    package init(reason: Term, told: @escaping @Sendable () -> Void) {
      self.reason = reason
      self.told = told
    }
  }

  private struct State {
    var messages: Deque<(message: Message, bytes: Int)> = []
    /// Of all that wait, on the wire.
    var bytes = 0
    var waiter: CheckedContinuation<Message?, Never>?
    var isEnded = false
    var lost: Int64 = 0
  }

  private let state = Mutex(State())

  init(
    pid: Pid, core: NodeCore, limit: Int, limitBytes: Int, room: MailboxRoom? = nil, overflow: Overflow? = nil
  ) {
    self.pid = pid
    self.core = core
    self.limit = limit
    self.limitBytes = limitBytes
    self.room = room
    self.overflow = overflow
  }

  deinit {
    state.withLock { empty(&$0) }
    core.mailboxEnded(pid, reason: .atom("normal"))
  }

  /// Messages that came while it was full; each of them is lost.
  public var lostMessages: Int64 { state.withLock { $0.lost } }

  /// The next message; nil when the mailbox has ended or the task is cancelled. One reader at a time.
  public func receive() async -> Message? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let next = state.withLock { state -> Message?? in
          if let next = state.messages.popFirst() {
            state.bytes -= next.bytes
            room?.give(messages: 1, bytes: next.bytes)
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

  /// Ends it: waiting readers get nil, and nothing is taken any more. Processes that are linked to it get an exit, those that
  /// watch it are told that it is down.
  ///
  /// - Parameter reason: what they are told; the first end counts.
  public func end(reason: Term = .atom("normal")) {
    let waiter = state.withLock { state in
      state.isEnded = true
      empty(&state)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
    core.mailboxEnded(pid, reason: reason)
  }

  private func empty(_ state: inout State) {
    room?.give(messages: state.messages.count, bytes: state.bytes)
    state.messages = []
    state.bytes = 0
  }

  private func take() -> CheckedContinuation<Message?, Never>? {
    state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
  }

  private enum Delivery {
    case taken
    case lost
    case overflown
  }

  /// False when it is full or has ended; the message is lost then.
  ///
  /// - Parameter bytes: how large it was on the wire.
  func deliver(_ message: Message, bytes: Int) -> Bool {
    var waiting: CheckedContinuation<Message?, Never>?
    let delivery = state.withLock { state -> Delivery in
      if state.isEnded { return .lost }
      if let waiter = state.waiter {
        state.waiter = nil
        waiting = waiter
        return .taken
      }
      // One message is always taken, however large, so that it can come at all.
      let fits = state.messages.isEmpty || state.messages.count < limit && state.bytes + bytes <= limitBytes
      guard fits, room?.take(bytes: bytes) ?? true else {
        state.lost += 1
        guard overflow != nil else { return .lost }
        state.isEnded = true
        empty(&state)
        return .overflown
      }
      state.messages.append((message, bytes))
      state.bytes += bytes
      return .taken
    }
    waiting?.resume(returning: message)
    switch delivery {
    case .taken: return true
    case .lost: return false
    case .overflown:
      core.mailboxEnded(pid, reason: overflow?.reason ?? .atom("normal"))
      overflow?.told()
      return false
    }
  }
}
