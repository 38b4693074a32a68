import GenAPIValue

/// A stream that runs now.
public struct ActiveStream: Codable, Sendable, Equatable {
  /// The number of the client's connection; 0 for a stream that the program itself began, without one.
  public var connection: UInt64
  /// The client's name of the request.
  public var requestID: ByteText
  /// The verified user; nil for a stranger.
  public var userID: ByteText?
  /// The service's name.
  public var service: ByteText
  /// The request type: the function's name within its service.
  public var requestType: ByteText
  /// The function's version; nil where it has none.
  public var version: ByteText?
  /// Milliseconds since it began.
  public var ageMs: Int64
  /// Parts sent.
  public var chunks: Int64

  private enum CodingKeys: String, CodingKey {
    case connection
    case requestID = "request_id"
    case userID = "user_id"
    case service
    case requestType = "request_type"
    case version
    case ageMs = "age_ms"
    case chunks
  }
}

extension Gateway {
  /// The streams of all connections, and those without one, oldest first. `stopStream(requestID:on:)` and
  /// `stopStream(requestID:)` end one.
  public func activeStreams() -> [ActiveStream] {
    let now = clock.monotonicNanoseconds()
    let found = connections.state.withLock { state in
      state.entries.flatMap { id, entry in
        entry.work.values.compactMap { running -> (ConnectionID, StreamHandle)? in
          if case .stream(let stream, _) = running.work { (id, stream) } else { nil }
        }
      }
    }
    return found.compactMap { id, stream in
      guard let origin = stream.origin else { return nil }
      return ActiveStream(
        connection: id.number, requestID: stream.requestID, userID: origin.userID,
        service: origin.function.service, requestType: origin.function.requestType,
        version: origin.function.version, ageMs: (now - origin.startedNs) / 1_000_000, chunks: stream.chunks)
    }.sorted { ($1.ageMs, $0.requestID) < ($0.ageMs, $1.requestID) }
  }
}
