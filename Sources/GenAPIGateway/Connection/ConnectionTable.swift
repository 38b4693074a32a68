import GenAPITelemetry
import GenAPIValue
import Locking

/// The open connections, and what each has running.
final class ConnectionTable: Sendable {
  /// Something that ends with its connection.
  enum Work: Sendable {
    /// Without its task until the pool has taken it.
    case task(PoolTaskHandle?)
    case stream(StreamHandle, PoolTaskHandle?)

    /// Its task in a pool; nil until the pool has taken it.
    var task: PoolTaskHandle? {
      switch self {
      case .task(let task), .stream(_, let task): task
      }
    }

    /// Gives it up; nothing more is told of it.
    func giveUp() {
      if case .stream(let stream, _) = self { stream.disconnect() }
      task?.cancel()
    }

    var isStream: Bool { if case .stream = self { true } else { false } }

    /// A stream that has said its last: its request id is free again, while its function still runs.
    var isOverForClient: Bool { if case .stream(let stream, _) = self { stream.isOver } else { false } }
  }

  /// What `begin` gives.
  struct Ticket: Sendable {
    let connection: ConnectionID
    let number: UInt64
    /// The connection itself, or the socket whose topic it is: whose share a client without a user takes.
    let socket: ConnectionID
  }

  enum Beginning: Sendable {
    case began(Ticket)
    /// Work with this request id is running.
    case duplicate
    /// The connection is gone, or never was.
    case closed
  }

  struct Running: Sendable {
    var requestID: ByteText
    var work: Work
    var hasNumericID = false
    /// Whether its client waits for anything more of it.
    var isAnswered = true
  }

  struct Entry {
    var transport: ByteText
    var identity: ClientIdentity
    var openedNs: Int64
    /// Set for a topic of another connection, for which work runs and ends by itself; not counted as a socket.
    var socket: ConnectionID?
    var observer: (any WorkObserver)?
    /// Those of its joined topics, by topic.
    var channels: [ByteText: ConnectionID] = [:]
    /// Everything that runs, whatever its request id: it ends with the connection.
    var work: [UInt64: Running] = [:]
    /// The work that a request id names: the one that came first.
    var numbers: [ByteText: UInt64] = [:]

    func work(_ requestID: ByteText) -> Work? { numbers[requestID].flatMap { work[$0]?.work } }
  }

  /// The program itself, whose streams run without a connection. Connections are numbered from 1.
  static let program = ConnectionID(0)

  struct State {
    var entries: [ConnectionID: Entry] = [
      ConnectionTable.program: Entry(transport: "", identity: .anonymous, openedNs: 0)
    ]
    var opened: Int64 = 0
    var closed: Int64 = 0
    var lastID: UInt64 = 0
    var lastTicket: UInt64 = 0
    /// Work that was cut off before its task came: that one is to be cancelled. Each ends with its task or its own end.
    var cutOff: Set<UInt64> = []

    /// Takes a connection out of the table, with its work, which is cut off.
    mutating func remove(_ id: ConnectionID) -> Entry? {
      cutOffWork(of: id)
      return entries.removeValue(forKey: id)
    }

    mutating func cutOffWork(of id: ConnectionID) {
      for (number, running) in entries[id]?.work ?? [:] where running.work.task == nil {
        cutOff.insert(number)
      }
    }
  }

  let state = Mutex(State())
  let refusedCalls = Atomic<Int64>(0)

  var socketsState: SocketsState {
    state.withLock { state in
      var sockets = SocketsState(
        open: 0, opened: state.opened, closed: state.closed,
        refusedCalls: refusedCalls.load(ordering: .relaxed))
      for (id, entry) in state.entries where entry.socket == nil && id != Self.program {
        sockets.open += 1
        sockets.joined += entry.channels.count
        sockets.byTransport[entry.transport, default: 0] += 1
      }
      return sockets
    }
  }

  /// Notes work that ends with its connection. One stream runs under a request id at a time; asynchronous calls may
  /// share theirs, and so may the streams of the program itself.
  func begin(
    _ work: Work, requestID: ByteText, hasNumericID: Bool = false, isAnswered: Bool = true,
    on connection: ConnectionID
  ) -> Beginning {
    state.withLock { state in
      guard state.entries[connection] != nil else { return .closed }
      let isFree = state.entries[connection]!.work(requestID)?.isOverForClient ?? true
      if work.isStream, !isFree, connection != Self.program { return .duplicate }
      state.lastTicket += 1
      let number = state.lastTicket
      state.entries[connection]!.work[number] = Running(
        requestID: requestID, work: work, hasNumericID: hasNumericID, isAnswered: isAnswered)
      if isFree { state.entries[connection]!.numbers[requestID] = number }
      state.entries[connection]!.observer?.workBegan(isStream: work.isStream)
      let socket = state.entries[connection]!.socket ?? connection
      return .began(Ticket(connection: connection, number: number, socket: socket))
    }
  }

  /// The task of work that has begun; cancelled at once when its connection went meanwhile. Work may be over by itself before
  /// its task is known here: that has ended as it did.
  func took(_ task: PoolTaskHandle, _ ticket: Ticket) {
    let isCutOff = state.withLock { state in
      guard let running = state.entries[ticket.connection]?.work[ticket.number] else {
        return state.cutOff.remove(ticket.number) != nil
      }
      let work: Work =
        switch running.work {
        case .task: .task(task)
        case .stream(let stream, _): .stream(stream, task)
        }
      state.entries[ticket.connection]!.work[ticket.number]!.work = work
      if case .stream(let stream, _) = work, case .stopped = stream.end { return true }
      return false
    }
    if isCutOff { task.cancel() }
  }

  /// The end of one request never takes the place of a later one with its id.
  ///
  /// - Parameter answering: gives the answer when the id is free again, and before anybody is told that the work is over: who
  ///   waits for that closes the connection. Not called for work that was cut off, whose client was told another last word.
  func end(_ ticket: Ticket, answering: () -> Void = {}) {
    let (running, observer) = state.withLock { state -> (Running?, (any WorkObserver)?) in
      guard let running = state.entries[ticket.connection]?.work.removeValue(forKey: ticket.number) else {
        state.cutOff.remove(ticket.number)
        return (nil, nil)
      }
      if state.entries[ticket.connection]!.numbers[running.requestID] == ticket.number {
        state.entries[ticket.connection]!.numbers[running.requestID] = nil
      }
      return (running, state.entries[ticket.connection]!.observer)
    }
    guard let running else { return }
    answering()
    observer?.workEnded(isStream: running.work.isStream)
  }

  /// Takes all work of a connection out of the table, to be cut off: whose end comes now has ended, and the rest is nobody
  /// else's to answer. Whoever takes it tells the observer.
  func takeWork(of connection: ConnectionID) -> ([UInt64: Running], (any WorkObserver)?) {
    state.withLock { state in
      guard let entry = state.entries[connection] else { return ([:], nil) }
      state.cutOffWork(of: connection)
      state.entries[connection]!.work = [:]
      state.entries[connection]!.numbers = [:]
      return (entry.work, entry.observer)
    }
  }

  /// The tasks of these sockets and of their topics.
  func tasks(of sockets: Set<ConnectionID>) -> [PoolTaskHandle] {
    state.withLock { state in
      state.entries.flatMap { id, entry in
        sockets.contains(entry.socket ?? id) ? entry.work.values.compactMap(\.work.task) : []
      }
    }
  }

  func work(requestID: ByteText, on connection: ConnectionID) -> Work? {
    state.withLock { $0.entries[connection]?.work(requestID) }
  }

  /// The streams of the program itself that have this request id.
  func programStreams(requestID: ByteText) -> [(StreamHandle, PoolTaskHandle?)] {
    state.withLock { state in
      (state.entries[Self.program]?.work.values ?? [:].values).compactMap { running in
        guard running.requestID == requestID, case .stream(let stream, let task) = running.work else {
          return nil
        }
        return (stream, task)
      }
    }
  }

  func isOpen(_ connection: ConnectionID) -> Bool { state.withLock { $0.entries[connection] != nil } }
}
