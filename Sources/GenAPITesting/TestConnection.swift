import GenAPIGateway
import Locking

/// A client within the process: its inbox keeps what it is sent, and lets a test wait for it.
///
/// ```swift
/// let connection = gateway.connect(as: ClientIdentity(userID: "ann"))
/// ```
public final class TestConnection: ClientConnection {
  private struct State {
    var responses: [Response] = []
    /// How many `next()` has given.
    var taken = 0
    var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  public let connectionID: ConnectionID
  /// Who is at the other end.
  public let identity: ClientIdentity
  private let onPush: @Sendable (Response) -> Void
  private let state = Mutex(State())
  private let room = StreamRoom()
  private let takesSingly = Atomic(false)

  /// A connection that no gateway knows of: see `Gateway.connect(as:)` for one that does.
  ///
  /// - Parameter onPush: told of each response when it has been kept.
  public init(
    _ id: ConnectionID, identity: ClientIdentity = .anonymous,
    onPush: @escaping @Sendable (Response) -> Void = { _ in }
  ) {
    connectionID = id
    self.identity = identity
    self.onPush = onPush
  }

  /// Everything that it was sent, oldest first.
  public var responses: [Response] { state.withLock { $0.responses } }

  public func waitForRoom() async { await room.wait() }

  /// From now on one part of a stream is taken for each call of this, as by a reader that is slow.
  public func takesOne() {
    takesSingly.store(true, ordering: .relaxed)
    room.set(full: false)
  }

  public func push(_ response: Response) {
    if response.hasMore, response.result != "init", takesSingly.load(ordering: .relaxed) {
      room.set(full: true)
    }
    let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.responses.append(response)
      let count = state.responses.count
      let ready = state.waiting.filter { $0.count <= count }.map(\.continuation)
      state.waiting.removeAll { $0.count <= count }
      return ready
    }
    onPush(response)
    for waiter in ready { waiter.resume() }
  }

  /// Everything that it was sent, once these are so many responses.
  public func received(_ count: Int) async -> [Response] {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.responses.count >= count { return true }
        state.waiting.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
    return responses
  }

  /// The oldest response that this has not given yet, once there is one.
  public func next() async -> Response {
    let index = state.withLock { state in
      state.taken += 1
      return state.taken - 1
    }
    return await received(index + 1)[index]
  }
}
