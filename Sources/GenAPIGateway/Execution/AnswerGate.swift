import Synchronization

/// Holds back what follows an acknowledgement until the acknowledgement is on its way.
final class AnswerGate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [Response] = []
  }

  private let connection: (any ClientConnection)?
  private let state = Mutex(State())

  init(_ connection: (any ClientConnection)?) { self.connection = connection }

  /// Sends now, or once the gate opens. The waiting are few: a stream's first parts at most, until its
  /// caller has pushed one response.
  func push(_ response: Response) {
    state.withLock { state in
      if state.isOpen {
        connection?.push(response)
      } else {
        state.waiting.append(response)
      }
    }
  }

  func open() {
    state.withLock { state in
      state.isOpen = true
      for response in state.waiting { connection?.push(response) }
      state.waiting = []
    }
  }
}
