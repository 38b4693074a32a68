import GenAPIValue

extension StreamHandle {
  /// A stream whose parts go to another node: the reason of an error is told as it is.
  package convenience init(
    requestID: ByteText, push: @escaping @Sendable (Response) -> Void,
    room: @escaping @Sendable () async -> Void
  ) {
    self.init(requestID: requestID, push: push, room: room, errorText: { $0 })
  }

  /// It ended with an error that is worded for the client.
  package var failsForClient: Bool {
    if case .failed(_, isForClient: true) = end { true } else { false }
  }

  /// It was cut off, as its node shuts down.
  package var isLost: Bool {
    if case .lost = end { true } else { false }
  }

  /// Whoever listened is gone: the producer is told to stop, and nobody is told of the end.
  package func listenerIsGone() { disconnect() }
}
