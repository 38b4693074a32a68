import GenAPITelemetry
import Synchronization

/// The open connections, and what each has running.
final class ConnectionTable: Sendable {
  /// Something that ends with its connection.
  enum Work: Sendable {
    case task(PoolTaskHandle)
    case stream(StreamHandle, PoolTaskHandle?)
  }

  struct Entry {
    var transport: String
    var identity: ClientIdentity
    var openedNs: Int64
    /// A topic of another connection, for which work runs and ends by itself; not counted as a socket.
    var isChannel = false
    var topics: Set<String> = []
    var work: [String: Work] = [:]
  }

  struct State {
    var entries: [ConnectionID: Entry] = [:]
    var opened: Int64 = 0
    var closed: Int64 = 0
    var lastID: UInt64 = 0
  }

  let state = Mutex(State())

  var socketsState: SocketsState {
    state.withLock { state in
      var sockets = SocketsState(
        open: 0, opened: state.opened, closed: state.closed)
      for entry in state.entries.values where !entry.isChannel {
        sockets.open += 1
        sockets.joined += entry.topics.count
        sockets.byTransport[entry.transport, default: 0] += 1
      }
      return sockets
    }
  }

  /// False when the connection is closed or has running work under this request id.
  func begin(_ work: Work, requestID: String, on connection: ConnectionID) -> Bool {
    state.withLock { state in
      guard state.entries[connection] != nil, state.entries[connection]?.work[requestID] == nil else {
        return false
      }
      state.entries[connection]?.work[requestID] = work
      return true
    }
  }

  func replace(_ work: Work, requestID: String, on connection: ConnectionID) {
    state.withLock { state in
      guard state.entries[connection]?.work[requestID] != nil else { return }
      state.entries[connection]?.work[requestID] = work
    }
  }

  func end(requestID: String, on connection: ConnectionID) {
    state.withLock { _ = $0.entries[connection]?.work.removeValue(forKey: requestID) }
  }

  func work(requestID: String, on connection: ConnectionID) -> Work? {
    state.withLock { $0.entries[connection]?.work[requestID] }
  }

  func isOpen(_ connection: ConnectionID) -> Bool { state.withLock { $0.entries[connection] != nil } }
}
