import GenAPIGateway
import Synchronization

/// A connection that keeps what is pushed to it, up to 64 messages.
final class Inbox: ClientConnection {
  let connectionID: ConnectionID
  private let responses = Mutex<[Response]>([])

  init(_ number: UInt64) { connectionID = ConnectionID(number) }

  func push(_ response: Response) {
    responses.withLock { responses in
      if responses.count == 64 { responses.removeAll(keepingCapacity: true) }
      responses.append(response)
    }
  }
}
