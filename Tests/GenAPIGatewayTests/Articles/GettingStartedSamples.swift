import GenAPIGateway
import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import TestExtremes
import Testing

/// The samples of the articles, run. What stands between the marks is in the articles word for word.
@Suite("Samples of the articles: getting started, function configs, streaming")
struct GettingStartedSamples {
  private struct User: Codable {
    var id: String
    var name: String
  }

  @Test("texts and values")
  func texts() {
    // sample: texts and values
    let args: ValueObject = ["user_id": "123", "tags": ["new", 7], "note": nil]
    let userID: String = args["user_id"]?.string?.string ?? ""
    let name: ByteText = "user \(userID)"
    // end
    #expect(name.string == "user 123")
    #expect(ByteText("\u{e9}") != ByteText("e\u{301}") && "\u{e9}" == "e\u{301}" as String)
  }

  @Test("getting started")
  func gettingStarted() async throws {
    // sample: a gateway
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    try gateway.register(
      ServiceEndpoints("user_service") {
        Endpoint("get_user", Argument("user_id", String.self)) { id in
          User(id: id, name: "Alice")
        }
        Endpoint(
          "add", Argument("a", Int.self, min: 0, max: 1_000),
          Argument("b", Int.self, min: 0, max: 1_000, default: 1)
        ) { a, b in a + b }
      })
    // end
    // sample: a call
    let response = await gateway.execute(
      Request(
        service: "user_service", requestType: "get_user", requestID: "req_1", args: ["user_id": "123"]))
    // end
    #expect(response?.result == ["id": "123", "name": "Alice"])
    // sample: an error
    let refused = await gateway.execute(
      Request(service: "user_service", requestType: "add", requestID: "req_2", args: ["a": "one"]))
    // refused?.error: Invalid argument: argument "a" must be a num, not a string
    // end
    #expect(refused?.error == "Invalid argument: argument \"a\" must be a num, not a string")
    @Sendable func render(_ path: String) throws -> String { "small " + path }
    // sample: a function that blocks
    try gateway.register(
      Endpoint("thumbnail", Argument("path", String.self)) { path in try render(path) }.offloaded,
      service: "pictures")
    // end
    let picture = await gateway.execute(
      Request(service: "pictures", requestType: "thumbnail", requestID: "1", args: ["path": "a.png"]))
    #expect(picture?.result == "small a.png")
    await gateway.callWithExtremes()
  }

  @Test("function configs")
  func configs() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: an explicit config
    gateway.functions.register("MyApp.Users.find") { call in
      .ok(["id": call.arguments[0], "fields": call.arguments[1]])
    }
    try gateway.configs.add(
      FunctionConfig(
        service: "user_service", requestType: "get_user", timeout: .seconds(3),
        function: FunctionReference("MyApp.Users", "find"),
        arguments: [
          "id": ArgumentSpec(.string, maxBytes: 64),
          "fields": ArgumentSpec(.listString, maxItems: 10, defaultValue: []),
        ],
        argumentOrder: .names(["id", "fields"]), version: "2.0.0"))
    // end
    // sample: a config as a value
    let config = try FunctionConfig([
      "service": "user_service", "request_type": "get_user", "mfa": "MyApp.Users.find_v1",
      "nodes": ["app@host1", "app@host2"], "choose_node_mode": ["hash": "id"],
      "arg_types": ["id": "string"], "retry": ["same_node": 2], "version": "1.0.0",
    ])
    let faults = config.validate()
    // end
    #expect(faults == [])
    // sample: versions
    try gateway.configs.add(config)
    try gateway.configs.disable("user_service", "get_user", version: "1.0.0")
    let latest = try gateway.configs.getLatest("user_service", "get_user")
    // end
    #expect(latest.version == "2.0.0")
    // sample: what can be called
    let schemas = gateway.configs.schemas(of: "user_service")
    let first = schemas["functions"]?.array?.first?["arguments"]
    // end
    #expect(first?["required"] == ["id"])
    await gateway.callWithExtremes()
  }

  @Test("streaming")
  func streaming() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: a stream
    let tail = Endpoint(streaming: "tail", Argument("count", Int.self, min: 1, max: 10_000)) {
      stream, count in
      for line in 1...count {
        guard await stream.send(["line": .int(Int64(line))]) else { return }
      }
    }
    try gateway.register(tail.timeout(.seconds(60)), service: "logs")
    // end
    let connection = TestConnection(gateway.newConnectionID())
    gateway.connectionOpened(connection.connectionID, transport: "test", identity: ClientIdentity())
    _ = await gateway.execute(
      Request(service: "logs", requestType: "tail", requestID: "1", args: ["count": 2]), on: connection)
    #expect(await connection.received(3).last?.hasMore == false)
    // sample: who streams
    for stream in gateway.activeStreams() where stream.ageMs > 3_600_000 {
      gateway.stopStream(requestID: stream.requestID, on: ConnectionID(stream.connection))
    }
    // end
    await gateway.callWithExtremes()
  }
}
