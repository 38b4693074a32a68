import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Testing

@Suite("Decoding a request")
struct RequestDecodingTests {
  private func decode(_ json: String, from client: ClientIdentity = .anonymous, max: Int = 1_000_000) throws
    -> Request
  { try Request.decode(Array(json.utf8), from: client, maxPayloadBytes: max) }

  private func fault(_ json: String, max: Int = 1_000_000) -> String? {
    do {
      _ = try decode(json, max: max)
      return nil
    } catch let error as RequestError {
      return "\(error.code.rawValue): \(error)"
    } catch {
      return "\(error)"
    }
  }

  @Test("a payload above the bound is refused with both sizes")
  func size() {
    #expect(
      fault("{\"a\": 1}", max: 7)
        == "invalid_payload: Request payload exceeds maximum size of 7 bytes (got 8 bytes)")
  }

  @Test("missing fields are named in a fixed order")
  func missing() {
    #expect(fault("{}") == "missing_field: Missing required fields: request_type, request_id, service")
    #expect(
      fault(#"{"service": "", "request_type": null, "request_id": "1"}"#)
        == "missing_field: Missing required fields: request_type, service")
  }

  @Test(
    "a field of the wrong type is named",
    arguments: [
      (#"[1]"#, "expected an object, got array"),
      (
        #"{"request_type": 5, "request_id": "1", "service": "s"}"#,
        "request_type must be a string, got number"
      ),
      (
        #"{"request_type": "t", "request_id": "1", "service": "s", "args": []}"#,
        "args must be an object, got array"
      ),
      (
        #"{"request_type": "t", "request_id": "1", "service": "s", "version": 2}"#,
        "version must be a string, got number"
      ),
    ])
  func wrongType(json: String, what: String) {
    #expect(fault(json) == "invalid_payload: Malformed request payload: \(what)")
  }

  @Test("text that is no JSON is malformed, with the place")
  func notJSON() {
    #expect(fault("{")?.hasPrefix("invalid_payload: Malformed request payload: ") == true)
  }

  @Test("user and roles come from the connection, whatever the payload claims (W-01, W-47)")
  func identity() throws {
    let json =
      #"{"request_type": "t", "request_id": "1", "service": "s", "user_id": "root", "user_roles": ["admin"]}"#
    let anonymous = try decode(json)
    #expect(anonymous.userID == nil)
    #expect(anonymous.userRoles == nil)
    let known = try decode(json, from: ClientIdentity(userID: "u1", roles: ["user"], ipAddress: "::1"))
    #expect(known.userID == "u1")
    #expect(known.userRoles == ["user"])
    #expect(known.ipAddress == "::1")
  }

  @Test("ids may be numbers, and keep their kind")
  func numericIDs() throws {
    let request = try decode(
      #"{"request_type": "t", "request_id": 9007199254740993, "service": "s", "device_id": 2.5}"#)
    #expect(request.requestID == "9007199254740993" && request.requestIDValue == 9_007_199_254_740_993)
    #expect(request.deviceID == "2.5" && request.deviceIDValue == 2.5)
    let text = try decode(#"{"request_type": "t", "request_id": "7", "service": "s"}"#)
    #expect(text.requestIDValue == "7" && text.deviceIDValue == .null)
    #expect(
      fault(#"{"request_type": "t", "request_id": true, "service": "s"}"#)
        == "invalid_payload: Malformed request payload: request_id must be a string or a number, got boolean")
  }

  @Test("the device of the token outranks what the client says, and only that one is verified")
  func devices() throws {
    let json = #"{"request_type": "t", "request_id": "1", "service": "s", "device_id": "claimed"}"#
    let claimed = try decode(json)
    #expect(claimed.deviceID == "claimed" && !claimed.isDeviceVerified)
    let known = try decode(json, from: ClientIdentity(deviceID: "known"))
    #expect(known.deviceID == "known" && known.isDeviceVerified)
  }

  @Test("args that are null are empty")
  func nullArgs() throws {
    #expect(
      try decode(#"{"request_type": "t", "request_id": "1", "service": "s", "args": null}"#).args.isEmpty)
  }

  @Test("a message's cause goes before its socket's; what is malformed is ignored, and the request is taken")
  func trace() throws {
    let (own, other): (ByteText, ByteText) = (
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00"
    )
    func decode(_ cause: Value?, _ client: TraceContext?) throws -> ByteText? {
      var payload: ValueObject = ["service": "s", "request_type": "t", "request_id": "r"]
      if let cause { payload["traceparent"] = cause }
      var identity = ClientIdentity()
      identity.trace = client
      return try Request.decode(.object(payload), from: identity).trace?.parent
    }
    let client = TraceContext(parent: other)
    #expect(try decode(nil, nil) == nil)
    #expect(try decode(.string(own), nil) == own)
    #expect(try decode(nil, client) == other)
    #expect(try decode(.string(own), client) == own)
    for malformed: Value in [
      "nonsense", 7, nil, [:], .string(ByteText(String(repeating: "0", count: 100_000))),
    ] {
      #expect(try decode(malformed, client) == other)
      #expect(try decode(malformed, nil) == nil)
    }
  }

}
