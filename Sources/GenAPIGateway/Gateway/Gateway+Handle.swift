import GenAPITelemetry
import GenAPIValue

/// What became of a payload, for the transport's own receipt; the answer itself is pushed.
public enum HandlingReceipt: Sendable, Equatable {
  /// It was a request of this type, and was answered or will be.
  case handled(requestType: ByteText)
  /// It was no request, or one with a wrong argument; what the client is told.
  case refused(ByteText)

  init(of request: Request, argumentFault: ByteText?) {
    self = argumentFault.map(HandlingReceipt.refused) ?? .handled(requestType: request.requestType)
  }
}

/// What became of a payload on the thread that brought it.
package enum Handling: Sendable {
  /// It is answered.
  case ended(HandlingReceipt)
  /// It is a request that may have to wait for something.
  case mayWait(PendingRequest)
}

/// A request that was looked up, and for which nothing else was done yet.
package struct PendingRequest: Sendable {
  package let request: Request
  let stored: StoredFunction
}

extension Gateway {
  /// Takes a payload as a client sent it, and pushes every answer to the connection.
  public func handle(_ payload: [UInt8], from client: ClientIdentity, on connection: any ClientConnection)
    async
    -> HandlingReceipt
  {
    await complete(handleWithoutSuspending(payload, from: client, on: connection), on: connection)
  }

  /// The same for a payload that a transport has parsed already.
  public func handle(_ payload: Value, from client: ClientIdentity, on connection: any ClientConnection) async
    -> HandlingReceipt
  {
    await complete(handleWithoutSuspending(payload, from: client, on: connection), on: connection)
  }

  private func complete(_ handling: Handling, on connection: any ClientConnection) async -> HandlingReceipt {
    switch handling {
    case .ended(let receipt): receipt
    case .mayWait(let pending): await complete(pending, on: connection)
    }
  }

  /// A payload as far as it goes without waiting, for a transport that would need a task for more.
  package func handleWithoutSuspending(
    _ payload: [UInt8], from client: ClientIdentity, on connection: any ClientConnection
  ) -> Handling {
    do throws(RequestError) {
      try Request.checkSize(payload.count, configuration.maxPayloadBytes)
    } catch {
      return .ended(refuse(error, .null, connection))
    }
    do {
      return handleWithoutSuspending(try Value(json: payload), from: client, on: connection)
    } catch {
      let fault = RequestError(code: .invalidPayload, description: "Malformed request payload: \(error)")
      return .ended(refuse(fault, .null, connection))
    }
  }

  package func handleWithoutSuspending(
    _ payload: Value, from client: ClientIdentity, on connection: any ClientConnection
  )
    -> Handling
  {
    let request: Request
    do {
      request = try Request.decode(payload, from: client)
    } catch {
      return .ended(refuse(error, payload, connection))
    }
    return answerWithoutSuspending(request, on: connection)
  }

  /// Runs a request that was looked up, and pushes its first answer.
  package func complete(_ pending: PendingRequest, on connection: any ClientConnection) async
    -> HandlingReceipt
  {
    let beginning = await begin(pending.request, pending.stored, on: connection)
    if let response = beginning.response { connection.push(response.answering(pending.request)) }
    beginning.gate?.open()
    return beginning.receipt(for: pending.request)
  }

  /// The same for a request that may be cut off meanwhile.
  ///
  /// - Returns: nil when it was: then its client has been told, and nothing is pushed.
  package func complete(_ pending: PendingRequest, on connection: any ClientConnection, claim: AnswerClaim)
    async -> HandlingReceipt?
  {
    let beginning = await begin(pending.request, pending.stored, on: connection)
    guard claim.take() else {
      beginning.gate?.discard()
      return nil
    }
    if let response = beginning.response { connection.push(response.answering(pending.request)) }
    beginning.gate?.open()
    return beginning.receipt(for: pending.request)
  }

  /// A payload that its transport could not take; its answer is pushed.
  package func refuse(_ payload: Value, because reason: ByteText, on connection: any ClientConnection)
    -> HandlingReceipt
  {
    refuse(RequestError(code: .invalidPayload, description: reason.string), payload, connection)
  }

  /// Ends a stream before it began, when this is the payload of a request for one: it gets the end of its stream.
  package func stopStream(before payload: Value, on connection: any ClientConnection) -> HandlingReceipt? {
    guard let request = try? Request.decode(payload, from: .anonymous),
      case .found(let stored) = configs.lookup(
        service: request.service, requestType: request.requestType, version: request.version),
      stored.config.responseType == .stream
    else { return nil }
    connection.push(Response.streamEnd(request.requestID).answering(request))
    return .handled(requestType: request.requestType)
  }

  /// Counts a request that came while the gateway takes no new ones.
  ///
  /// - Returns: its answer; what is no request gets the same, and is not counted.
  package func refuseDraining(_ payload: Value, from client: ClientIdentity) -> Response {
    guard let request = try? Request.decode(payload, from: client) else {
      return .error(to: payload["request_id"], ClientTexts.unavailable, canRetry: true)
    }
    return refuseAtTheEnd(request)
  }

  private func refuse(_ error: RequestError, _ payload: Value, _ connection: any ClientConnection)
    -> HandlingReceipt
  {
    statistics.countInvalid()
    connection.push(
      .error(to: payload["request_id"], ClientTexts.invalidRequest(ByteText(error.description))))
    return .refused(ByteText(error.description))
  }

  /// Runs a request and gives the first answer; nil for a function whose response type is none.
  ///
  /// What follows, an asynchronous result or the parts of a stream, is pushed to `connection`; without one nobody gets it, and
  /// the acknowledgement is all. A request with a name that
  /// is longer than `TextLimit.name` is answered with an error, as a client's is.
  @discardableResult
  public func execute(_ request: Request, on connection: (any ClientConnection)? = nil) async -> Response? {
    if let refusal = nameFault(of: request) { return refusal }
    switch find(request) {
    case .missing(let response): return response
    case .found(let stored):
      // What may wait has a frame that a task's first memory has no room for.
      if let function = unsuspendingFunction(of: stored) {
        return answer(request, stored, by: function, connection).response
      }
      let beginning = await begin(request, stored, on: connection)
      beginning.gate?.open()
      return beginning.response?.answering(request)
    }
  }

  /// Apart, so that what it needs takes no memory of a request's task.
  @inline(never)
  private func nameFault(of request: Request) -> Response? {
    do {
      try request.checkNames()
      return nil
    } catch {
      statistics.countInvalid()
      let id = Identifier(text: request.requestID, isNumber: request.hasNumericID)
      return .error(to: id.value, ClientTexts.invalidRequest(ByteText(error.description)))
    }
  }
}
