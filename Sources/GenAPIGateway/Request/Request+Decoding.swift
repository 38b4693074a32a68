import GenAPITelemetry
import GenAPIValue

extension Request {
  /// Reads a request from a payload as it was received.
  ///
  /// Who the user is, and which roles they have, comes from the connection alone.
  /// - Throws: `RequestError` for the first fault, in the order of the specification.
  public static func decode(
    _ payload: some Sequence<UInt8>, from client: ClientIdentity, maxPayloadBytes: Int = 1_000_000
  ) throws(RequestError) -> Request {
    let bytes = Array(payload)
    try checkSize(bytes.count, maxPayloadBytes)
    let value: Value
    do {
      value = try Value(json: bytes)
    } catch {
      throw RequestError(code: .invalidPayload, description: "Malformed request payload: \(error)")
    }
    return try decode(value, from: client)
  }

  static func checkSize(_ count: Int, _ limit: Int) throws(RequestError) {
    guard count <= limit else {
      throw RequestError(
        code: .invalidPayload,
        description: "Request payload exceeds maximum size of \(limit) bytes (got \(count) bytes)")
    }
  }

  /// The same for a payload that is parsed already.
  public static func decode(_ payload: Value, from client: ClientIdentity) throws(RequestError) -> Request {
    guard let object = payload.object else {
      throw malformed("expected an object, got \(payload.kind)")
    }
    func text(_ field: ByteText) throws(RequestError) -> ByteText? {
      switch object[field] {
      case nil, .null: return nil
      case .string(let text): return text
      case .some(let other): throw malformed("\(field) must be a string, got \(other.kind)")
      }
    }
    let requestType = try text("request_type")
    func identifier(_ field: ByteText) throws(RequestError) -> Identifier? {
      guard let value = object[field], value != .null else { return nil }
      guard let identifier = Request.identifier(value) else {
        throw malformed("\(field) must be a string or a number, got \(value.kind)")
      }
      return identifier
    }
    let requestID = try identifier("request_id")
    let service = try text("service")
    let deviceID = try identifier("device_id")
    let version = try text("version")
    _ = try text("user_id")
    let args: ValueObject
    switch object["args"] {
    case nil, .null: args = [:]
    case .object(let fields): args = fields
    case .some(let other): throw malformed("args must be an object, got \(other.kind)")
    }
    guard let requestType, !requestType.isEmpty, let requestID, !requestID.text.isEmpty, let service,
      !service.isEmpty
    else {
      let missing = [("request_type", requestType), ("request_id", requestID?.text), ("service", service)]
        .filter { $0.1 == nil || $0.1 == "" }.map(\.0)
      throw RequestError(
        code: .missingField, description: "Missing required fields: \(missing.joined(separator: ", "))")
    }
    var request = Request(
      service: service, requestType: requestType, requestID: requestID.text, args: args,
      userID: client.userID,
      deviceID: client.deviceID ?? deviceID?.text, userRoles: client.roles, version: version,
      ipAddress: client.ipAddress, claims: client.claims, trace: trace(in: object) ?? client.trace)
    // Each change makes another piece of memory, so the usual request has none.
    if requestID.isNumber { request.hasNumericID = true }
    if client.deviceID == nil, let deviceID {
      request.isDeviceVerified = false
      if deviceID.isNumber { request.hasNumericDeviceID = true }
    }
    try request.checkNames()
    return request
  }

  /// What a message says of its cause goes before what its socket's handshake said.
  private static func trace(in object: ValueObject) -> TraceContext? {
    guard case .string(let parent)? = object["traceparent"] else { return nil }
    return TraceContext(parent: parent, state: object["tracestate"]?.string)
  }

  private static func malformed(_ what: ByteText) -> RequestError {
    RequestError(code: .invalidPayload, description: "Malformed request payload: \(what)")
  }
}
