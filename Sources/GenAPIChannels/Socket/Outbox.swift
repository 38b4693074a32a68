import NIOCore
import Synchronization

/// What waits to be written to one socket. Filled from any thread, emptied on the socket's event loop.
///
/// However many messages come at a time, the loop is woken once.
final class Outbox: Sendable {
  enum Item: Sendable {
    /// A frame for a channel; thrown away when the channel was left meanwhile.
    case frame(MessageEncoder.Frame, JoinedChannel)
    /// The reply to a push, which is due even when its channel was left; the request of this number has ended.
    case reply(MessageEncoder.Frame, request: UInt64)

    var bytes: Int {
      switch self {
      case .frame(.text(let bytes), _), .frame(.binary(let bytes), _), .reply(.text(let bytes), _),
        .reply(.binary(let bytes), _):
        bytes.count
      }
    }
  }

  private struct State {
    var items: [Item] = []
    var bytes = 0
    var isScheduled = false
    var lastReply: UInt64 = 0
    var isClosed = false
    var isOverfull = false
  }

  private let limitBytes: Int
  private let state = Mutex(State())
  /// The same as the state's items, for a look without the lock.
  private let hasItems = Atomic(false)

  /// - Parameter limitBytes: of what may wait for the loop; beyond it nothing more is taken, and the socket ends.
  init(limitBytes: Int) { self.limitBytes = limitBytes }

  /// What comes until the next `takeAll` wakes nobody: the loop itself is about to look.
  func hold() { state.withLock { $0.isScheduled = true } }

  /// True when the caller must wake the loop.
  func append(_ item: Item) -> Bool {
    state.withLock { state in
      guard !state.isClosed, !state.isOverfull else { return false }
      if state.bytes + item.bytes > limitBytes, state.bytes > 0 {
        state.isOverfull = true
        defer { state.isScheduled = true }
        return !state.isScheduled
      }
      state.items.append(item)
      hasItems.store(true, ordering: .relaxed)
      state.bytes += item.bytes
      if case .reply(_, let request) = item { state.lastReply = request }
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
  }

  /// True when nothing waits that was appended before something the caller knows of.
  var isEmpty: Bool { !hasItems.load(ordering: .relaxed) }

  func takeAll() -> [Item] {
    state.withLock { state in
      defer { state.items = [] }
      hasItems.store(false, ordering: .relaxed)
      state.isScheduled = false
      state.bytes = 0
      return state.items
    }
  }

  /// Whether the latest reply is that to this request.
  func hasReply(to request: UInt64) -> Bool { state.withLock { $0.lastReply == request } }

  /// True once something had no room.
  var isOverfull: Bool { state.withLock { $0.isOverfull } }

  /// Nothing is taken any more.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.items = []
      hasItems.store(false, ordering: .relaxed)
      state.bytes = 0
    }
  }
}
