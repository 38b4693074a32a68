import GenAPIValue
import Listening
import Logging
import NIOCore

/// Who is connected, and who may stay.
extension ExporterHub {
  /// - Returns: why the connection cannot stay; nil when it can.
  func opened(_ handler: SubscriberHandler) -> FrameError? {
    loop.preconditionInEventLoop()
    if configuration.token == nil || isShutDown {
      if let refusal = admit(handler) { return refusal }
    } else {
      switch door.arrived(handler.id, from: handler.address, at: now()) {
      case .comeIn: break
      case .insteadOf(let other):
        statistics.withLock { $0.gaveWay += 1 }
        if let leaving = connections[other] { noteRefused(leaving, "gave way to another without a token") }
        connections[other]?.giveWay()
      case .tooManyGuesses(let milliseconds):
        statistics.withLock { $0.refusedGuessers += 1 }
        noteRefused(handler, "too many wrong tokens")
        return FrameError(
          .tooManyStrangers,
          "too many wrong tokens came from this address; try again in \(milliseconds) ms")
      }
    }
    connections[handler.id] = handler
    statistics.withLock { $0.accepted += 1 }
    let now = now()
    pace.isBusy(at: now)
    if task == nil { scheduleTurn(at: now) }
    return nil
  }

  /// Another comes when few descriptors are left: of those that have said nothing the oldest are closed, so that fewer than these stay.
  ///
  /// - Parameter most: nil for any number.
  func closeSilent(beyond most: Int?) {
    loop.preconditionInEventLoop()
    guard let most else { return }
    let silent = connections.values.filter(\.isSilent).sorted { $0.id < $1.id }
    for handler in silent.prefix(max(0, silent.count - most + 1)) {
      noteRefused(handler, "gave way, as few descriptors are left")
      statistics.withLock { $0.gaveWay += 1 }
      handler.closeAtOnce()
    }
  }

  /// A connection has shown the token, or needs none.
  ///
  /// - Returns: why it cannot stay; nil when it can.
  func admit(_ handler: SubscriberHandler) -> FrameError? {
    if admitted.contains(handler.id) { return nil }
    guard !isShutDown, admitted.count < configuration.maximumSubscribers else {
      statistics.withLock { $0.refused += 1 }
      noteRefused(handler, isShutDown ? "shutdown" : "max_subscribers")
      return FrameError(
        .tooManySubscribers,
        "this gateway serves \(configuration.maximumSubscribers) subscribers at one time; try again later")
    }
    door.left(handler.id)
    admitted.insert(handler.id)
    let count = admitted.count
    statistics.withLock { $0.subscribers = count }
    logger.debug(
      "a stream subscriber connected", metadata: ["peer": "\(handler.peer)", "id": "\(handler.id)"])
    return nil
  }

  private func noteRefused(_ handler: SubscriberHandler, _ reason: String) {
    strangers.note(
      .info, "a stream connection was refused", kind: reason, from: handler.host,
      metadata: ["reason": "\(reason)"])
  }

  /// A connection is about to end, or has to.
  ///
  /// - Returns: whether it may stay until it has read why.
  func leaves(_ handler: SubscriberHandler) -> Bool {
    if admitted.contains(handler.id) { return true }
    door.left(handler.id)
    return linger(handler)
  }

  func isStranger(_ handler: SubscriberHandler) -> Bool { !admitted.contains(handler.id) }

  private func linger(_ handler: SubscriberHandler) -> Bool {
    if lingering.contains(handler.id) { return true }
    guard lingering.count < configuration.maximumSubscribers else { return false }
    lingering.insert(handler.id)
    return true
  }

  /// A stranger sent a wrong token: counted, and told to the log.
  ///
  /// - Returns: whether it may stay until it is answered.
  func guessed(_ handler: SubscriberHandler) -> Bool {
    door.guessed(handler.id, from: handler.address, at: now())
    statistics.withLock { $0.wrongTokens += 1 }
    strangers.note(
      .warning, "the telemetry stream was sent a wrong token", from: handler.host,
      metadata: ["peer": "\(handler.peer)"])
    return linger(handler)
  }

  func closed(_ handler: SubscriberHandler, reason: ByteText) {
    connections[handler.id] = nil
    lingering.remove(handler.id)
    door.left(handler.id)
    admitted.remove(handler.id)
    let count = admitted.count
    statistics.withLock {
      $0.subscribers = count
      $0.closed[reason, default: 0] += 1
      $0.eventsSent += handler.window.sent
      $0.eventsDropped += handler.window.dropped
    }
    logger.debug(
      "a stream subscriber left",
      metadata: [
        "peer": "\(handler.peer)", "id": "\(handler.id)", "reason": "\(reason)",
        "sent": "\(handler.window.sent)", "dropped": "\(handler.window.dropped)",
      ])
    if connections.isEmpty {
      task?.cancel()
      task = nil
      for promise in waiting { promise.succeed() }
      waiting = []
    }
    subscriptionsChanged()
  }

  /// Attaches to the bus when the first subscriber wants events, and leaves it with the last.
  func subscriptionsChanged() {
    let wanted = connections.values.contains { $0.wantsEvents }
    if !wanted {
      subscription?.cancel()
      subscription = nil
    } else if subscription == nil {
      do {
        subscription = try bus.subscribe(
          subscriptionID.string, to: .allAndExtensions, queue: configuration.queue)
      } catch {
        // The bus has no place; state frames still flow, and the next subscriber tries again.
        logger.error("the stream exporter cannot attach to the bus", metadata: ["error": "\(error)"])
      }
    }
  }
}
