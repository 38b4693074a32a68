import GenAPIGateway
import Locking
import NIOCore

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
    /// Of those that are not larger than the bound.
    var bytes = 0
    var oversized = 0
    var isScheduled = false
    var lastReply: UInt64 = 0
    var isClosed = false
    var isOverfull = false
  }

  /// What may wait for the loop before the parts of streams wait where they are made.
  private static let partsBytes = 65_536

  private let limitBytes: Int
  private let mostOversized: Int
  /// Where streams wait for the client.
  let room = StreamRoom()
  private let state = Mutex(State())
  /// The bytes of all items, for a look without the lock.
  private let pending = Atomic(0)

  /// - Parameters:
  ///   - limitBytes: of what may wait for the loop; beyond it nothing more is taken, and the socket ends.
  ///   - mostOversized: messages larger than that by themselves, which are beside it.
  init(limitBytes: Int, mostOversized: Int) {
    self.limitBytes = limitBytes
    self.mostOversized = mostOversized
  }

  /// What comes until the next `takeAll` wakes nobody: the loop itself is about to look.
  func hold() { state.withLock { $0.isScheduled = true } }

  /// True when the caller must wake the loop.
  func append(_ item: Item) -> Bool {
    state.withLock { state in
      guard !state.isClosed, !state.isOverfull else { return false }
      let bytes = item.bytes
      if bytes > limitBytes {
        state.oversized += 1
      } else {
        state.bytes += bytes
      }
      if state.bytes > limitBytes || state.oversized > mostOversized {
        state.isOverfull = true
        defer { state.isScheduled = true }
        return !state.isScheduled
      }
      state.items.append(item)
      pending.add(bytes, ordering: .relaxed)
      if state.bytes >= Self.partsBytes || state.oversized > 0 { room.set(full: true) }
      if case .reply(_, let request) = item { state.lastReply = request }
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
  }

  /// True when nothing waits that was appended before something the caller knows of.
  var isEmpty: Bool { pendingBytes == 0 }

  /// Of all that waits for the loop.
  var pendingBytes: Int { pending.load(ordering: .relaxed) }

  func takeAll() -> [Item] {
    state.withLock { state in
      defer { state.items = [] }
      pending.store(0, ordering: .relaxed)
      state.isScheduled = false
      state.bytes = 0
      state.oversized = 0
      return state.items
    }
  }

  /// Whether the latest reply is that to this request.
  func hasReply(to request: UInt64) -> Bool { state.withLock { $0.lastReply == request } }

  /// True once something had no room.
  var isOverfull: Bool { state.withLock { $0.isOverfull } }

  /// Nothing is taken any more.
  func close() {
    room.close()
    state.withLock { state in
      state.isClosed = true
      state.items = []
      pending.store(0, ordering: .relaxed)
      state.bytes = 0
    }
  }
}
