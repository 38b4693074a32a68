import GenAPIGateway
import GenAPIValue
import Locking
import TestExtremes
import Testing

@Suite("Samples of the pages: endpoints, performance")
struct EndpointSamples {
  private struct User: Codable, Sendable {
    var id: String
    var name: String
  }

  private static func ask(_ gateway: Gateway, _ type: ByteText, _ args: ValueObject = [:]) async -> Response?
  {
    await gateway.execute(
      Request(
        service: "users", requestType: type, requestID: "1", args: args, userID: "u_1", userRoles: ["admin"]))
  }

  @Test("what endpoints take and answer")
  func kinds() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    let users = [User(id: "u_1", name: "Alice"), User(id: "u_2", name: "Bob")]
    // sample: kinds of endpoints
    try gateway.register(
      ServiceEndpoints("users") {
        // A result of any Encodable type; an optional that is nil is null.
        Endpoint("find", Argument("user_id", String.self, maxBytes: 64)) { id in users.first { $0.id == id } }
        // An argument with a default may be left out.
        Endpoint("list", Argument("limit", Int.self, min: 1, max: 100, default: 20)) { limit in
          Array(users.prefix(limit))
        }
        // The request comes first where the function wants to know who asks.
        Endpoint(withRequest: "me") { request in users.first { ByteText($0.id) == request.userID } }
      })
    // end
    #expect(await Self.ask(gateway, "find", ["user_id": "u_2"])?.result == ["id": "u_2", "name": "Bob"])
    #expect(await Self.ask(gateway, "list", ["limit": 1])?.result == [["id": "u_1", "name": "Alice"]])
    #expect(await Self.ask(gateway, "me")?.result == ["id": "u_1", "name": "Alice"])
    await gateway.callWithExtremes()
  }

  @Test("numbers from clients")
  func numbers() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    let items = (1...100).map { "item \($0)" }
    // sample: numbers with bounds
    try gateway.register(
      ServiceEndpoints("shop") {
        Endpoint(
          "page", Argument("number", Int.self, min: 1, max: 10_000),
          Argument("size", Int.self, min: 1, max: 100)
        ) { number, size in
          Array(items.dropFirst((number - 1) * size).prefix(size))
        }
        Endpoint("total", Argument("prices", [Int].self, min: 0, maxItems: 100)) { prices in
          var total = 0
          for price in prices {
            let (sum, isTooLarge) = total.addingReportingOverflow(price)
            guard !isTooLarge else { throw FunctionError("too much", isFinal: true, isForClient: true) }
            total = sum
          }
          return total
        }
      })
    // end
    // sample: what a client reads of a number out of bounds
    let refused = await gateway.execute(
      Request(service: "shop", requestType: "page", requestID: "1", args: ["number": 0, "size": 10]))
    // refused?.error: Invalid argument: argument "number" must be 1 to 10000
    // end
    #expect(refused?.error == "Invalid argument: argument \"number\" must be 1 to 10000")
    func ask(_ type: ByteText, _ args: ValueObject) async -> Response? {
      await gateway.execute(Request(service: "shop", requestType: type, requestID: "1", args: args))
    }
    #expect(await ask("page", ["number": 34, "size": 3])?.result == ["item 100"])
    #expect(await ask("total", ["prices": [1, 2]])?.result == 3)
    #expect(await ask("total", ["prices": [.int(.max), 1]])?.error == "too much")
    #expect(
      await ask("total", ["prices": [1, -1]])?.error
        == "Invalid argument: item 1 of argument \"prices\" must be at least 0")
    #expect(await gateway.callWithExtremes() > 100)
  }

  // sample: a Codable input
  struct Order: Codable, Sendable {
    var item: String
    var amount: Int
    var note: String?
  }
  // end

  @Test("a Codable type as input")
  func codable() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: an endpoint that takes it
    try gateway.register(
      ServiceEndpoints("users") {
        try Endpoint("order", taking: Order.self, Argument("amount", Int.self, min: 1, max: 1_000)) { order in
          order.amount * 100
        }
      })
    // end
    #expect(await Self.ask(gateway, "order", ["item": "tea", "amount": 3])?.result == 300)
    let missing = await Self.ask(gateway, "order", ["item": "tea"])
    #expect(missing?.error?.string.contains("amount") == true)
    await gateway.callWithExtremes()
  }

  @Test("how endpoints answer, and refuse")
  func answers() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    let seen = Mutex(0)
    // sample: ways to answer
    try gateway.register(
      ServiceEndpoints("users") {
        Endpoint(performing: "report") { try await Task.sleep(for: .milliseconds(1)) }.asynchronous
        Endpoint(performing: "seen") { seen.withLock { $0 += 1 } }.unanswered
        Endpoint("withdraw", Argument("amount", Int.self, min: 1)) { amount in
          guard amount <= 100 else {
            throw FunctionError("at most 100 a day", isFinal: true, isForClient: true)
          }
          return amount
        }
        .version("2.0.0").permission(.role(["admin"]))
      })
    // end
    let refused = await Self.ask(gateway, "withdraw", ["amount": 500])
    #expect(refused?.error == "at most 100 a day" && refused?.canRetry == false)
    #expect(await Self.ask(gateway, "withdraw", ["amount": 5])?.result == 5)
    #expect(await Self.ask(gateway, "seen") == nil)
    await gateway.callWithExtremes()
  }

  @Test("hooks")
  func hooks() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: hooks
    let echo = Endpoint("echo", Argument("text", String.self)) { text in text }
      .before { request in
        guard request.args["text"] != "" else { return .abort("say something") }
        var request = request
        request.args["text"] = request.args["text"].map { .string("\($0.string ?? "")!") }
        return .proceed(request)
      }
      .after { _, response in
        var response = response
        response.result = ["said": response.result]
        return response
      }
    // end
    try gateway.register(echo, service: "users")
    #expect(await Self.ask(gateway, "echo", ["text": "hi"])?.result == ["said": "hi!"])
    #expect(await Self.ask(gateway, "echo", ["text": ""])?.success == false)
    await gateway.callWithExtremes()
  }

  @Test("bounds of what runs at once")
  func pools() throws {
    // sample: pools
    var configuration = GatewayConfiguration(node: "gw1")
    configuration.asyncPool.workers = 32
    configuration.asyncPool.queueLimit = 1_000
    configuration.streamPool.workers = 200
    let gateway = try Gateway(configuration: configuration)
    // end
    #expect(gateway.asyncPool.configuration.workers == 32)
  }
}
