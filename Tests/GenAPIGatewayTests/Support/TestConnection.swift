import GenAPIGateway
import Synchronization

/// Keeps what is pushed, and lets a test wait for it.
final class TestConnection: ClientConnection {
  private struct State {
    var responses: [Response] = []
    var waiter: (count: Int, continuation: CheckedContinuation<Void, Never>)?
  }

  let connectionID: ConnectionID
  private let state = Mutex(State())

  init(_ id: ConnectionID) { connectionID = id }

  var responses: [Response] { state.withLock { $0.responses } }

  func push(_ response: Response) {
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
