import GenAPIGateway
import Locking

/// Keeps what is pushed, and lets a test wait for it.
final class TestConnection: ClientConnection {
  private struct State {
    var responses: [Response] = []
    var waiter: (count: Int, continuation: CheckedContinuation<Void, Never>)?
  }

  let connectionID: ConnectionID
  private let state = Mutex(State())
  private let room = StreamRoom()
  private let takesSingly = Atomic(false)

  init(_ id: ConnectionID) { connectionID = id }

  var responses: [Response] { state.withLock { $0.responses } }

  func waitForRoom() async { await room.wait() }

  /// From now on one part of a stream is taken for each call of this.
  func takesOne() {
    takesSingly.store(true, ordering: .relaxed)
    room.set(full: false)
  }

  func push(_ response: Response) {
    if response.hasMore, response.result != "init", takesSingly.load(ordering: .relaxed) {
      room.set(full: true)
    }
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.responses.append(response)
      guard let waiter = state.waiter, state.responses.count >= waiter.count else { return nil }
      state.waiter = nil
      return waiter.continuation
    }
    waiter?.resume()
  }

  /// Returns once `count` responses came.
  func received(_ count: Int) async -> [Response] {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.responses.count >= count { return true }
        state.waiter = (count, continuation)
        return false
      }
      if isThere { continuation.resume() }
    }
    return responses
  }
}
