import GenAPITelemetry
import GenAPIValue
import NIOCore

/// What is done again and again: events are handed out, sessions told the time, states made.
extension ExporterHub {
  private func turn() {
    task = nil
    drain()
    let now = now()
    defer { if task == nil, !connections.isEmpty { scheduleTurn(at: now) } }
    if pace.takesTick(at: now) {
      for handler in Array(connections.values) { handler.tick(at: now) }
    }
    makeStates(at: now)
  }

  func scheduleTurn(at now: Int64) {
    task = loop.scheduleTask(in: .milliseconds(pace.wait(at: now))) { [weak self] in self?.turn() }
  }

  /// Hands out what waits on the bus. Each event is encoded once at most, whoever gets it.
  func drain() {
    guard let subscription else { return }
    subscription.drain(into: &batch)
    guard !batch.events.isEmpty || batch.dropped != nil else { return }
    pace.isBusy(at: now())
    var receivers = connections.values.compactMap(EventReceiver.init)
    let events = batch.events
    // By a span each event is looked at where it lies, not copied out.
    let span = events.span
    for index in span.indices { hand(span[index], to: &receivers) }
    for receiver in receivers {
      if let dropped = batch.dropped { receiver.handler.report(dropped) }
      receiver.handler.flushBatch()
    }
  }

  private func hand(_ event: EmittedEvent, to receivers: inout [EventReceiver]) {
    let sequence = event.sequence
    // Nothing until somebody wants it; false when it is too large.
    var isEncoded: Bool?
    for index in receivers.indices where receivers[index].filter.matches(event, node: ByteText(bus.node)) {
      if isEncoded == nil {
        isEncoded = encoder.encode(event)
        if isEncoded == false { statistics.withLock { $0.eventsTooLarge += 1 } }
      }
      if isEncoded == true {
        encoder.withLine {
          receivers[index].handler.offer($0, sequence: sequence, buffered: &receivers[index].buffered)
        }
      } else {
        receivers[index].handler.drop(sequence: sequence)
      }
    }
  }

  // MARK: State

  private func makeStates(at now: Int64) {
    guard !isMakingState, !isShutDown, now >= nextStateAt else { return }
    let told = source.timesTold
    let requests = connections.values.compactMap { $0.takeStateRequest(at: now, told: told) }
    guard !requests.isEmpty else { return }
    nextStateAt = TurnPace.nextTick(after: now)
    make(requests)
  }

  func make(_ requests: [StateRequest]) {
    isMakingState = true
    let subscribers = connections.values.lazy.filter { !self.isStranger($0) }.map { handler in
      SubscriberState(
        id: handler.id, peer: ByteText(handler.peer), sent: handler.window.sent,
        dropped: handler.window.dropped,
        bufferedBytes: handler.bufferedBytes)
    }
    let dropped = currentStatistics().eventsDropped
    states.make(
      requests, subscribers: subscribers.sorted { $0.id < $1.id }, dropped: dropped,
      oldest: connections.values.lazy.compactMap { $0.feed?.knownState }.min(),
      tracksBuckets: connections.values.contains { $0.feed?.wantsChangedBuckets == true }
    ) { [self] answers in
      loop.execute { self.deliver(answers) }
    }
  }

  private func deliver(_ answers: [StateAnswer]) {
    isMakingState = false
    // Events older than the state go out before it.
    drain()
    for answer in answers { connections[answer.id]?.deliver(answer) }
    goOnEnding()
  }
}
