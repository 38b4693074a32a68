import GenAPITelemetry
import GenAPIValue

extension Gateway {
  /// A socket joined a topic whose work is to end with it, not with the socket.
  ///
  /// - Returns: the connection that requests of this topic come from.
  public func channelOpened(_ topic: ByteText, on socket: ConnectionID) -> ConnectionID {
    channelOpened(topic, on: socket, observer: nil)
  }

  /// - Parameter observer: told of the topic's asynchronous calls and streams.
  package func channelOpened(_ topic: ByteText, on socket: ConnectionID, observer: (any WorkObserver)?)
    -> ConnectionID
  {
    let id = newConnectionID()
    let (identity, old) = connections.state.withLock { state -> (ClientIdentity?, ConnectionID?) in
      guard let entry = state.entries[socket] else { return (nil, nil) }
      let old = state.entries[socket]?.channels.updateValue(id, forKey: topic)
      state.entries[id] = ConnectionTable.Entry(
        transport: entry.transport, identity: entry.identity, openedNs: clock.monotonicNanoseconds(),
        socket: socket, observer: observer)
      return (entry.identity, old)
    }
    if let old { channelClosed(topic, old, on: socket) }
    if let identity { bus.emit(.channelJoin(topic: topic, userID: identity.userID)) }
    return id
  }

  /// The socket left the topic: its streams and asynchronous work end, and it leaves its relay groups.
  public func channelClosed(_ topic: ByteText, _ channel: ConnectionID, on socket: ConnectionID) {
    let entry = connections.state.withLock { state -> ConnectionTable.Entry? in
      // Not the one that took its place.
      if state.entries[socket]?.channels[topic] == channel { state.entries[socket]?.channels[topic] = nil }
      return state.remove(channel)
    }
    guard let entry else { return }
    endWork(of: [entry])
    left(topic, channel, entry)
  }

  /// The relay and the events hear of a topic whose work has ended.
  func left(_ topic: ByteText, _ channel: ConnectionID, _ entry: ConnectionTable.Entry) {
    relay.connectionClosed(channel)
    bus.emit(.channelLeave(topic: topic, userID: entry.identity.userID))
  }

  /// Counts a call that a transport refused because as many of its connection run as may.
  package func callWasRefused() { connections.refusedCalls.add(1, ordering: .relaxed) }

  /// Gives up the work of connections that are gone. What waits leaves its queue first, all of it: the workers that become
  /// free by the rest would begin it.
  func endWork(of entries: [ConnectionTable.Entry]) {
    let work = entries.flatMap { entry in entry.work.values.map { ($0.work, entry.observer) } }
    let waiting = WithdrawnTasks(work.compactMap(\.0.task), .givenUp)
    for (work, observer) in work {
      work.giveUp()
      observer?.workEnded(isStream: work.isStream)
    }
    waiting.tell()
  }
}
