import GenAPIGateway
import GenAPIValue
import Locking

/// Numbers the requests of this process's tests.
private let requests = Atomic<Int64>(0)

extension Gateway {
  /// A client that has connected, with an inbox.
  public func connect(as identity: ClientIdentity = .anonymous) -> TestConnection {
    let connection = TestConnection(newConnectionID(), identity: identity)
    connectionOpened(connection.connectionID, transport: "test", identity: identity)
    return connection
  }

  /// The client goes: its streams and asynchronous work end.
  public func disconnect(_ connection: TestConnection) {
    connectionClosed(connection.connectionID, reason: "test")
  }

  /// Sends a request as a client does, whose every check it passes; its answers go to the connection's inbox.
  ///
  /// - Returns: the request's id.
  @discardableResult
  public func send(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject = [:], version: ByteText? = nil,
    from connection: TestConnection
  ) async -> ByteText {
    let id: ByteText = "test_\(requests.add(1, ordering: .relaxed).newValue)"
    var payload: ValueObject = [
      "service": .string(service), "request_type": .string(requestType), "request_id": .string(id),
      "args": .object(arguments),
    ]
    if let version { payload["version"] = .string(version) }
    _ = await handle(.object(payload), from: connection.identity, on: connection)
    return id
  }

  /// Calls a function as a client does, and reads its result: that of an asynchronous function too.
  ///
  /// ```swift
  /// let user = try await gateway.call("user_service", "get_user", ["user_id": "u1"], as: User.self)
  /// ```
  ///
  /// - Throws: `ResponseError` with what the client reads when the request fails, `DecodingError` when the result is another.
  public func call<Result: Decodable & Sendable>(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject = [:],
    as type: Result.Type = Result.self, by identity: ClientIdentity = .anonymous, version: ByteText? = nil
  ) async throws -> Result {
    try await response(service, requestType, arguments, by: identity, version: version).decode(type)
  }

  /// The response that a client gets: the last one of an asynchronous function.
  public func response(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject = [:],
    by identity: ClientIdentity = .anonymous, version: ByteText? = nil
  ) async -> Response {
    let connection = connect(as: identity)
    defer { disconnect(connection) }
    let id = await send(service, requestType, arguments, version: version, from: connection)
    // A function that never answers has answered what it will.
    guard !connection.responses.isEmpty else { return .sync(id, .null) }
    var response = await connection.next()
    while response.isAsync, response.success, response.hasMore || isAcknowledgement(response) {
      response = await connection.next()
    }
    return response
  }

  /// All parts of a stream, once it has ended.
  ///
  /// - Throws: `ResponseError` when it ends with an error, `DecodingError` when a part is of another type.
  public func parts<Part: Decodable & Sendable>(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject = [:],
    as type: Part.Type = Part.self, by identity: ClientIdentity = .anonymous, version: ByteText? = nil
  ) async throws -> [Part] {
    let connection = connect(as: identity)
    defer { disconnect(connection) }
    await send(service, requestType, arguments, version: version, from: connection)
    // The first response tells that the stream begins.
    var response = await connection.next()
    var parts: [Part] = []
    while response.success, response.hasMore {
      response = await connection.next()
      if response.success, response.hasMore || response.result != .null {
        parts.append(try response.decode())
      }
    }
    if !response.success { _ = try response.decode(type) }
    return parts
  }

  /// An asynchronous function's result is no acknowledgement: it is not marked as asynchronous.
  private func isAcknowledgement(_ response: Response) -> Bool { response.result == .null }
}
