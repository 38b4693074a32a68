import Locking

/// Holds back what follows an acknowledgement until the acknowledgement is on its way.
final class AnswerGate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [Response] = []
  }

  private let connection: (any ClientConnection)?
  /// Where a stream waits for the gate; nil for a request that is answered twice at most.
  private let room: StreamRoom?
  private let state = Mutex(State())

  init(_ connection: (any ClientConnection)?, isStream: Bool) {
    self.connection = connection
    room = isStream ? StreamRoom() : nil
    room?.set(full: true)
  }

  /// Returns once a part of a stream may be pushed: behind the acknowledgement, and when the client has taken enough.
  func waitForRoom() async {
    await room?.wait()
    await connection?.waitForRoom()
  }

  /// Sends now, or once the gate opens. The waiting are few: a result, or the end of a stream.
  func push(_ response: Response) {
    state.withLock { state in
      if state.isOpen {
        connection?.push(response)
      } else {
        state.waiting.append(response)
      }
    }
  }

  /// Throws away what waited: the request was cut off, and there is no acknowledgement.
  func discard() {
    state.withLock { state in
      state.isOpen = true
      state.waiting = []
    }
    room?.close()
  }

  func open() {
    state.withLock { state in
      state.isOpen = true
      for response in state.waiting { connection?.push(response) }
      state.waiting = []
    }
    room?.close()
  }
}
