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

  /// The client goes: its streams and asynchronous work end, and what is sent from it afterwards is not handled.
  public func disconnect(_ connection: TestConnection) {
    connection.leave()
    connectionClosed(connection.connectionID, reason: "test")
  }

  /// Sends a request as a client does, whose every check it passes; its answers go to the connection's inbox.
  ///
  /// It returns when the first answer is there: that of a function which is neither asynchronous nor a stream when the function has
  /// ended. A test that moves time meanwhile sends in a task, or with `async let`.
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
    guard !connection.hasLeft else { return id }
    _ = await handle(.object(payload), from: connection.identity, on: connection)
    return id
  }

  /// Calls a function as a client does, and reads its result: that of an asynchronous function too.
  ///
  /// ```swift
  /// let user = try await gateway.call("user_service", "get_user", ["user_id": "u1"], as: User.self)
  /// ```
  ///
  /// - Parameters:
  ///   - coding: how dates, decimal numbers and durations in the result are read: as the endpoint's `results` writes them.
  ///   - limit: how long is waited for the result, in real time.
  /// - Throws: `ResponseError` with what the client reads when the request fails, `DecodingError` when the result is another,
  ///   `TestCallError` when there is no such function, it answers in parts or never, or not in time, `CancellationError` when the
  ///   test's task is cancelled meanwhile.
  public func call<Result: Decodable & Sendable>(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject = [:],
    as type: Result.Type = Result.self, by identity: ClientIdentity = .anonymous, version: ByteText? = nil,
    coding: ValueCoding = ValueCoding(), within limit: Duration = .seconds(30)
  ) async throws -> Result {
    let function: ByteText = "\(service)/\(requestType)"
    switch try responseType(service, requestType, version) {
    case .stream: throw TestCallError.isStream(function: function)
    case ResponseType.none?: throw TestCallError.neverAnswers(function: function)
    case .sync, .async, nil: break
    }
    return try await answer(service, requestType, arguments, identity, version, limit).get().decode(
      type, coding: coding)
  }

  /// The response that a client gets: the last one of an asynchronous function, the first one of a stream.
  ///
  /// Where none comes, as of an `unanswered` function, it is a response with an error that says so.
  ///
  /// - Parameter limit: how long is waited for it, in real time.
  public func response(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject = [:],
    by identity: ClientIdentity = .anonymous, version: ByteText? = nil, within limit: Duration = .seconds(30)
  ) async -> Response {
    switch await answer(service, requestType, arguments, identity, version, limit) {
    case .success(let response): response
    case .failure(is CancellationError): .error("test", "the test's task was cancelled")
    case .failure(let error): .error("test", ByteText("\(error)"))
    }
  }

  /// Sends in a task, so that a function which does not end holds up nobody who waits for its answer.
  private func sending(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject, _ version: ByteText?,
    _ connection: TestConnection
  ) -> Task<Void, Never> {
    Task {
      await send(service, requestType, arguments, version: version, from: connection)
      connection.handled()
    }
  }

  private func answer(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject, _ identity: ClientIdentity,
    _ version: ByteText?, _ limit: Duration
  ) async -> Result<Response, any Error> {
    let function: ByteText = "\(service)/\(requestType)"
    guard limit > .zero else { return .failure(TestCallError.noTime(function: function, within: limit)) }
    let connection = connect(as: identity)
    defer { disconnect(connection) }
    let end = ContinuousClock.now + limit.sleepable
    let sending = sending(service, requestType, arguments, version, connection)
    // What is not waited for any longer is told so.
    defer { sending.cancel() }
    guard var response = await connection.response(0, until: end) else {
      return .failure(
        noEnd(function, limit, acknowledged: false, isUnanswered: connection.isHandled))
    }
    // An asynchronous function's result is no acknowledgement: it is not marked as asynchronous.
    if response.isAsync, response.success, !response.hasMore {
      guard let later = await connection.response(1, until: end) else {
        return .failure(noEnd(function, limit, acknowledged: true))
      }
      response = later
    }
    return .success(response)
  }

  /// Why a wait ended with nothing.
  private func noEnd(
    _ function: ByteText, _ limit: Duration, acknowledged: Bool, parts: Int = 0, isUnanswered: Bool = false
  ) -> any Error {
    if Task.isCancelled { return CancellationError() }
    if isUnanswered { return TestCallError.neverAnswers(function: function) }
    return TestCallError.noEnd(
      function: function, after: limit, acknowledged: acknowledged, parts: parts,
      onVirtualClock: clock is VirtualClock)
  }

  /// All parts of a stream, once it has ended: 100 000 at most.
  ///
  /// - Parameters:
  ///   - coding: how dates, decimal numbers and durations in the parts are read: as the endpoint's `results` writes them.
  ///   - limit: how long is waited for the end, in real time.
  /// - Throws: `ResponseError` when it ends with an error, `DecodingError` when a part is of another type, `TestCallError` when there is
  ///   no such function, it is no stream, or does not end, `CancellationError` when the test's task is cancelled meanwhile.
  public func parts<Part: Decodable & Sendable>(
    _ service: ByteText, _ requestType: ByteText, _ arguments: ValueObject = [:],
    as type: Part.Type = Part.self, by identity: ClientIdentity = .anonymous, version: ByteText? = nil,
    coding: ValueCoding = ValueCoding(), within limit: Duration = .seconds(30)
  ) async throws -> [Part] {
    let function: ByteText = "\(service)/\(requestType)"
    if let other = try responseType(service, requestType, version), other != .stream {
      throw TestCallError.isNoStream(function: function)
    }
    guard limit > .zero else { throw TestCallError.noTime(function: function, within: limit) }
    let connection = connect(as: identity)
    defer { disconnect(connection) }
    let end = ContinuousClock.now + limit.sleepable
    let sending = sending(service, requestType, arguments, version, connection)
    defer { sending.cancel() }
    var count = 0
    func next() async throws -> Response {
      guard let response = await connection.response(count, until: end) else {
        throw noEnd(function, limit, acknowledged: count > 0, parts: max(0, count - 1))
      }
      count += 1
      return response
    }
    // The first response tells that the stream begins.
    var response = try await next()
    var parts: [Part] = []
    while response.success, response.hasMore {
      response = try await next()
      if response.success, response.hasMore || response.result != .null {
        guard parts.count < Self.mostParts else {
          throw TestCallError.tooManyParts(function: function, parts: Self.mostParts)
        }
        parts.append(try response.decode(coding: coding))
      }
    }
    if !response.success { _ = try response.decode(type) }
    return parts
  }

  private static var mostParts: Int { 100_000 }

  /// How a function answers; nil for one that is switched off, of which its client is told.
  private func responseType(_ service: ByteText, _ requestType: ByteText, _ version: ByteText?)
    throws(TestCallError) -> ResponseType?
  {
    do throws(ConfigStoreError) {
      guard let version else { return try configs.getFast(service, requestType).responseType }
      return try configs.get(service, requestType, version: version).responseType
    } catch {
      if case .notFound(let missing) = error { throw .noSuchFunction(missing) }
      return nil
    }
  }
}
