import NIOCore

/// The end of all connections: behind the events that wait, and a last state.
extension ExporterHub {
  /// Says bye to everybody, behind the events that wait and a last state of what changed since the one before.
  ///
  /// - Returns: succeeds when all connections have ended, within `closeTimeout`.
  func shutdown(_ farewell: Farewell) -> EventLoopFuture<Void> {
    loop.preconditionInEventLoop()
    isShutDown = true
    strangers.endWindow()
    drain()
    if connections.isEmpty { return loop.makeSucceededVoidFuture() }
    let promise = loop.makePromise(of: Void.self)
    waiting.append(promise)
    guard endsAt == nil else { return promise.futureResult }
    endsAt = now() + closeMs
    for handler in Array(connections.values) where isStranger(handler) { handler.shutdown(farewell) }
    ending = Ending(farewell: farewell)
    // A gateway that hangs must not keep the bye from anybody.
    ending?.patience = loop.scheduleTask(in: .milliseconds(max(1, closeMs / 2))) {
      self.sayBye()
    }
    goOnEnding()
    return promise.futureResult
  }

  /// How long a connection that ends may take, in milliseconds.
  var closingMs: Int64 {
    endsAt.map { min(closeMs, max(1, $0 - now())) } ?? closeMs
  }

  private var closeMs: Int64 { configuration.closeTimeout.wholeMilliseconds }

  /// Asks for the last states, once none is being made, then says bye.
  func goOnEnding() {
    guard let ending, !isMakingState else { return }
    guard !ending.hasAskedForStates else { return sayBye() }
    self.ending?.hasAskedForStates = true
    let told = source.timesTold
    let requests = connections.values.compactMap { $0.takeStateRequest(at: .max, told: told) }
    if requests.isEmpty { sayBye() } else { make(requests) }
  }

  private func sayBye() {
    guard let ending else { return }
    ending.patience?.cancel()
    self.ending = nil
    drain()
    for handler in Array(connections.values) { handler.shutdown(ending.farewell) }
  }
}
