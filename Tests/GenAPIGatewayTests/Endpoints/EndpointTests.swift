import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

private struct User: Codable, Equatable, Sendable {
  var id: ByteText
  var name: ByteText?
}

private struct NewOrder: Codable, Sendable {
  struct Address: Codable, Sendable {
    var street: ByteText
    var zip: ByteText?
  }
  var item: ByteText
  var count: Int
  var tags: [ByteText]
  var prices: [Double]?
  var address: Address
  var due: DateTime?
}

@Suite("Endpoints made from Swift functions")
struct EndpointTests {
  private func answer(_ fixture: GatewayFixture, _ type: ByteText, _ args: ValueObject = [:]) async
    -> Response?
  {
    await fixture.gateway.execute(
      Request(service: "svc", requestType: type, requestID: "r", args: args, userID: "u1"))
  }

  @Test("the declaration comes from the signature, in its order")
  func derived() throws {
    let endpoint = Endpoint(
      "find", Argument("name", String.self, maxBytes: 64), Argument("limit", Int.self, default: 20),
      Argument("tags", [ByteText]?.self)
    ) { name, limit, tags in [name, String(limit), (tags ?? []).joined()] }
    let config = endpoint.config(service: "svc")
    #expect(config.argumentOrder == .names(["name", "limit", "tags"]))
    #expect(config.arguments["name"] == ArgumentSpec(.string, maxBytes: 64))
    #expect(config.arguments["limit"] == ArgumentSpec(.num, isWhole: true, defaultValue: 20))
    #expect(config.arguments["tags"] == ArgumentSpec(.listString, allowsNil: true))
    #expect(config.validate() == [])
    #expect(try FunctionConfig(config.value) == config)
  }

  @Test("a request is answered by the function, with its arguments as Swift values")
  func answered() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("get_user", Argument("id", String.self), Argument("name", ByteText?.self)) { id, name in
          User(id: ByteText(id), name: name)
        }
        Endpoint("now") { 12 }
      })
    #expect(
      await answer(fixture, "get_user", ["id": "7", "name": "Ada"])?.result == ["id": "7", "name": "Ada"])
    #expect(await answer(fixture, "get_user", ["id": "7"])?.result == ["id": "7"])
    #expect(await answer(fixture, "now")?.result == 12)
  }

  @Test("an argument that does not fit the signature is refused before the call")
  func refused() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      Endpoint("add", Argument("a", Int.self), Argument("b", [Int].self)) { a, b in b.reduce(a, +) },
      service: "svc")
    #expect(await answer(fixture, "add", ["a": 1, "b": [2, 3.0]])?.result == 6)
    let half = await answer(fixture, "add", ["a": 1.5, "b": []])
    #expect(half?.error == "Invalid argument: argument \"a\" must be a whole number of 64 bits")
    let item = await answer(fixture, "add", ["a": 1, "b": [1.5]])
    #expect(item?.error == "Invalid argument: item 0 of argument \"b\" must be a whole number of 64 bits")
    let missing = await answer(fixture, "add", ["a": 1])
    #expect(missing?.error == "Invalid argument: missing argument \"b\"")
  }

  @Test("a function may ask for the request, throw its own no, or answer nothing")
  func forms() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      ServiceEndpoints("svc") {
        Endpoint(withRequest: "whoami", answer: { request in request.userID })
        Endpoint("no", Argument("why", String.self)) { (why: String) -> String in
          throw FunctionError(ByteText(why), isForClient: true)
        }
        Endpoint(performing: "touch", Argument("id", String.self), perform: { _ in })
      })
    #expect(await answer(fixture, "whoami")?.result == "u1")
    #expect(await answer(fixture, "no", ["why": "sold out"])?.error == "sold out")
    let touched = await answer(fixture, "touch", ["id": "1"])
    #expect(touched?.success == true)
    #expect(touched?.result == .null)
  }

  @Test("a stream endpoint sends its parts and ends when it returns")
  func stream() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      Endpoint(
        streaming: "count", Argument("to", Int.self, min: 1, max: 9),
        stream: { stream, to in for number in 1...to { await stream.send(.int(Int64(number))) } }),
      service: "svc")
    let connection = fixture.connect()
    let first = await fixture.gateway.execute(
      Request(service: "svc", requestType: "count", requestID: "r", args: ["to": 2]), on: connection)
    #expect(first?.result == "init")
    let parts = await connection.received(3)
    #expect(parts.map(\.result) == [1, 2, .null])
    #expect(parts.map(\.hasMore) == [true, true, false])
  }

  @Test("settings become the config's, hooks and the permission as closures too")
  func settings() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      Endpoint("get", Argument("id", String.self)) { id in id }
        .version("2.0.0").timeout(.milliseconds(700)).retry(.sameNode(2)).hookTimeout(.milliseconds(100))
        .permission { request in request.userID == "u1" }
        .before { request in
          var request = request
          request.args["id"] = "changed"
          return request.args["stop"] == nil ? .proceed(request) : .abort("stopped")
        }
        .after { request, response in
          response.success ? .sync(request.requestID, [response.result]) : response
        }, service: "svc")
    let config = try fixture.gateway.configs.get("svc", "get", version: "2.0.0")
    #expect(config.timeout == .milliseconds(700))
    #expect(config.retry == .sameNode(2))
    #expect(config.hookTimeout == .milliseconds(100))
    #expect(config.function.name == "Swift.svc.get@2.0.0")
    #expect(await answer(fixture, "get", ["id": "1"])?.result == ["changed"])
    #expect(await answer(fixture, "get", ["id": "1", "stop": 1])?.error == "hook rejected: stopped")
    let other = await fixture.gateway.execute(
      Request(service: "svc", requestType: "get", requestID: "r", args: ["id": "1"], userID: "u2"))
    #expect(other?.error == "Permission denied")
  }

  @Test("an asynchronous endpoint is acknowledged first")
  func asynchronous() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(Endpoint("later") { "done" }.asynchronous, service: "svc")
    let connection = fixture.connect()
    let first = await fixture.gateway.execute(
      Request(service: "svc", requestType: "later", requestID: "r"), on: connection)
    #expect(first?.isAsync == true)
    #expect(await connection.received(1).first?.result == "done")
  }

  @Test("the fields of a Codable type are the arguments")
  func codable() async throws {
    let fixture = try GatewayFixture()
    let endpoint = try Endpoint("order", taking: NewOrder.self) { order in
      "\(order.count) \(order.item) to \(order.address.street), \(order.tags)"
    }
    let config = try fixture.gateway.register(endpoint, service: "svc")
    #expect(config.argumentOrder == .map)
    #expect(config.arguments["item"] == ArgumentSpec(.string))
    #expect(config.arguments["count"] == ArgumentSpec(.num, isWhole: true))
    #expect(config.arguments["tags"] == ArgumentSpec(.listString))
    #expect(config.arguments["prices"] == ArgumentSpec(.listNum, allowsNil: true))
    #expect(config.arguments["due"] == ArgumentSpec(.datetime, allowsNil: true))
    #expect(
      config.arguments["address"] == ArgumentSpec(.map, required: ["street"], accept: ["street", "zip"]))
    let good: ValueObject = ["item": "pen", "count": 2, "tags": ["a"], "address": ["street": "Main St"]]
    #expect(await answer(fixture, "order", good)?.result == "2 pen to Main St, [\"a\"]")
    var bad = good
    bad["address"] = ["street": 7]
    #expect(
      await answer(fixture, "order", bad)?.error?.hasPrefix("Invalid argument: argument \"address.street\"")
        == true)
  }

  @Test("two arguments of one name, and a service that is empty, are faults of the config")
  func faults() throws {
    let fixture = try GatewayFixture()
    let twice = Endpoint("x", Argument("a", Int.self), Argument("a", String.self)) { a, _ in a }
    #expect(throws: ConfigStoreError.invalid(["svc/x: two arguments have one name"])) {
      try fixture.gateway.register(twice, service: "svc")
    }
    #expect(throws: ConfigStoreError.self) { try fixture.gateway.register(Endpoint("y") { 1 }, service: "") }
  }

  @Test("dates, wall clocks and ids arrive checked")
  func specialTypes() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      Endpoint(
        "types", Argument("at", DateTime.self), Argument("clock", NaiveDateTime.self),
        Argument("ids", [UniqueID].self)
      ) { at, clock, ids in
        [at.description, String(at.microseconds), clock.description, ids.map(\.description).joined()]
      }, service: "svc")
    let id = "123e4567-e89b-12d3-a456-426614174000"
    let response = await answer(
      fixture, "types",
      ["at": "1970-01-01T01:00:01.5+01:00", "clock": "2025-01-02T03:04:05Z", "ids": [.string(ByteText(id))]])
    #expect(
      response?.result == ["1970-01-01T00:00:01.5Z", "1500000", "2025-01-02T03:04:05", .string(ByteText(id))])
    let wrong = await answer(fixture, "types", ["at": "tomorrow", "clock": "2025-01-02T03:04:05", "ids": []])
    #expect(wrong?.error?.string.contains("argument \"at\"") == true)
  }
}
