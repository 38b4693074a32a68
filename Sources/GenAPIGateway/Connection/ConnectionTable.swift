import GenAPITelemetry
import GenAPIValue
import Synchronization

/// The open connections, and what each has running.
final class ConnectionTable: Sendable {
  /// Something that ends with its connection.
  enum Work: Sendable {
    /// Without its task until the pool has taken it.
    case task(PoolTaskHandle?)
    case stream(StreamHandle, PoolTaskHandle?)
  }

  /// What `begin` gives, so that the end of one request never takes the place of a later one with its id.
  struct Ticket: Sendable {
    let connection: ConnectionID
    let requestID: ByteText
    let number: UInt64
  }

  struct Running: Sendable {
    var number: UInt64
    var work: Work
  }

  struct Entry {
    var transport: ByteText
    var identity: ClientIdentity
    var openedNs: Int64
    /// A topic of another connection, for which work runs and ends by itself; not counted as a socket.
    var isChannel = false
    var topics: Set<ByteText> = []
    var work: [ByteText: Running] = [:]
  }

  struct State {
    var entries: [ConnectionID: Entry] = [:]
    var opened: Int64 = 0
    var closed: Int64 = 0
    var lastID: UInt64 = 0
    var lastTicket: UInt64 = 0
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

  /// Nil when the connection is closed or has running work under this request id. A stream that has said its last
  /// makes room, even while its function still runs.
  func begin(_ work: Work, requestID: ByteText, on connection: ConnectionID) -> Ticket? {
    while true {
      let (ticket, other) = state.withLock { state -> (Ticket?, Running?) in
        guard let entry = state.entries[connection] else { return (nil, nil) }
        if let other = entry.work[requestID] { return (nil, other) }
        state.lastTicket += 1
        state.entries[connection]?.work[requestID] = Running(number: state.lastTicket, work: work)
        return (Ticket(connection: connection, requestID: requestID, number: state.lastTicket), nil)
      }
      if let ticket { return ticket }
      guard let other, case .stream(let stream, _) = other.work, stream.isOver else { return nil }
      end(Ticket(connection: connection, requestID: requestID, number: other.number))
    }
  }

  /// The task of work that has begun; cancelled at once when the work is over or its connection gone.
  func took(_ task: PoolTaskHandle, _ ticket: Ticket) {
    let isRunning = state.withLock { state in
      guard var running = state.entries[ticket.connection]?.work[ticket.requestID],
        running.number == ticket.number
      else { return false }
      switch running.work {
      case .task: running.work = .task(task)
      case .stream(let stream, _): running.work = .stream(stream, task)
      }
      state.entries[ticket.connection]?.work[ticket.requestID] = running
      return true
    }
    if !isRunning { task.cancel() }
  }

  func end(_ ticket: Ticket) {
    state.withLock { state in
      guard state.entries[ticket.connection]?.work[ticket.requestID]?.number == ticket.number else { return }
      state.entries[ticket.connection]?.work.removeValue(forKey: ticket.requestID)
    }
  }

  func work(requestID: ByteText, on connection: ConnectionID) -> Work? {
    state.withLock { $0.entries[connection]?.work[requestID]?.work }
  }

  func isOpen(_ connection: ConnectionID) -> Bool { state.withLock { $0.entries[connection] != nil } }
}
