import GenAPITelemetry
import GenAPIValue

extension Gateway {
  /// A number no connection of this gateway has.
  public func newConnectionID() -> ConnectionID {
    connections.state.withLock { state in
      state.lastID += 1
      return ConnectionID(state.lastID)
    }
  }

  /// A client connected.
  ///
  /// - Parameter transport: `websocket`, `websocket_toon` for one whose messages are TOON, or `local` for one within the
  ///   process.
  public func connectionOpened(_ id: ConnectionID, transport: ByteText, identity: ClientIdentity) {
    connections.state.withLock { state in
      state.opened += 1
      state.entries[id] = ConnectionTable.Entry(
        transport: transport, identity: identity, openedNs: clock.monotonicNanoseconds())
    }
    bus.emit(.socketOpen(transport: transport, userID: identity.userID))
  }

  /// A client is gone: its streams and asynchronous work end, also those of its topics, and it leaves its relay groups.
  public func connectionClosed(_ id: ConnectionID, reason: ByteText) {
    typealias Channel = (topic: ByteText, id: ConnectionID, entry: ConnectionTable.Entry)
    let found = connections.state.withLock { state -> (ConnectionTable.Entry, [Channel])? in
      guard let entry = state.remove(id) else { return nil }
      state.closed += 1
      let channels = entry.channels.sorted { $0.key < $1.key }.compactMap { topic, channel in
        state.remove(channel).map { Channel(topic, channel, $0) }
      }
      return (entry, channels)
    }
    guard let (entry, channels) = found else { return }
    endWork(of: [entry] + channels.map(\.entry))
    relay.connectionClosed(id)
    for channel in channels { left(channel.topic, channel.id, channel.entry) }
    bus.emit(
      .socketClose(
        transport: entry.transport, userID: entry.identity.userID, reason: reason,
        durationUs: (clock.monotonicNanoseconds() - entry.openedNs) / 1_000))
  }

  /// Ends a stream that `execute` began without a connection: every one with this request id. False when there is none.
  @discardableResult
  public func stopStream(requestID: ByteText) -> Bool {
    let streams = connections.programStreams(requestID: requestID)
    let waiting = WithdrawnTasks(streams.compactMap(\.1), .givenUp)
    for (stream, task) in streams {
      stream.stop()
      task?.cancel()
    }
    waiting.tell()
    return !streams.isEmpty
  }

  /// Ends a stream; the client gets the stream's end. False when no such stream runs on the connection.
  @discardableResult
  public func stopStream(requestID: ByteText, on id: ConnectionID) -> Bool {
    guard case .stream(let stream, let task)? = connections.work(requestID: requestID, on: id) else {
      return false
    }
    stream.stop()
    task?.cancel()
    return true
  }
}
