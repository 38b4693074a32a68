import Foundation
import GenAPIGateway
import GenAPITesting
import GenAPIValue
import TestExtremes
import Testing
import Tracing

@Suite("Samples of the articles: types, middleware")
struct EndpointSamples {
  @Test("types")
  func types() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: types of one's own
    enum Color: String, Codable, Sendable, CaseIterable { case red, green }

    struct Email: Codable, Sendable {
      let text: String

      init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
        guard text.contains("@") else { throw ArgumentError("it must have an @") }
      }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
      }
    }

    struct NewOrder: Codable, Sendable {
      var item: UUID
      var color: Color
      var due: Date?
      var email: Email
    }
    // end
    // sample: endpoints of them
    try gateway.register(
      ServiceEndpoints("orders") {
        Endpoint("paint", Argument("color", Color.self), Argument("at", Date?.self)) { color, at in
          "\(color) \(at?.timeIntervalSince1970 ?? 0)"
        }
        try Endpoint("order", taking: NewOrder.self) { order in ["due": order.due] }
      })
    // end
    // sample: what a client reads of a wrong one
    let refused = await gateway.execute(
      Request(service: "orders", requestType: "paint", requestID: "1", args: ["color": "blue"]))
    // refused?.error: Invalid argument: argument "color": it must be one of red, green
    // end
    #expect(refused?.error == "Invalid argument: argument \"color\": it must be one of red, green")
    let order: ValueObject = [
      "item": "123e4567-e89b-12d3-a456-426614174000", "color": "red", "due": "2025-01-15T10:30:00+01:00",
      "email": "a@b",
    ]
    let answer = try await gateway.call("orders", "order", order, as: Value.self)
    #expect(answer == ["due": "2025-01-15T09:30:00Z"])
    // sample: another form
    let events = ServiceEndpoints("events") {
      Endpoint("now") { Date(timeIntervalSince1970: 1.5) }
    }
    try gateway.register(events.results(ValueCoding(dates: .millisecondsSince1970)))
    // end
    #expect(try await gateway.call("events", "now", as: Int.self) == 1_500)
    await gateway.callWithExtremes()
  }

  @Test("middleware")
  func middleware() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: tracing
    let traced: EndpointMiddleware = { call, next in
      try await withSpan("\(call.request?.requestType ?? "call")") { span in
        let result = try await next(call)
        if case .error(let error) = result { span.recordError(error) }
        return result
      }
    }
    // end
    // sample: authorization
    func only(_ role: ByteText) -> EndpointMiddleware {
      { call, next in
        guard call.request?.userRoles?.contains(role) == true else {
          throw FunctionError("only for the role \(role)", isFinal: true, isForClient: true)
        }
        return try await next(call)
      }
    }
    // end
    // sample: a cache
    actor Cache {
      private struct Key: Hashable {
        let function: [ByteText?]
        let user: ByteText?
        let arguments: [Value]
      }
      private var results: [Key: FunctionResult] = [:]

      func result(_ call: FunctionCall, or next: FunctionRegistry.Function) async throws -> FunctionResult {
        let request = call.request
        let key = Key(
          function: [request?.service, request?.requestType, request?.version], user: request?.userID,
          arguments: call.arguments)
        if let known = results[key] { return known }
        let result = try await next(call)
        if case .ok = result, results.count < 10_000 { results[key] = result }
        return result
      }
    }
    // end
    let cache = Cache()
    try gateway.register(
      ServiceEndpoints("cached") {
        Endpoint("one") { 1 }
        Endpoint("two") { 2 }
        Endpoint(withRequest: "mine") { (request: Request) in request.userID ?? "nobody" }
      }
      .middleware { call, next in try await cache.result(call, or: next) })
    // Keyed by arguments alone, one function's results and one user's were others'.
    for _ in 0..<2 {
      #expect(try await gateway.call("cached", "one", as: Int.self) == 1)
      #expect(try await gateway.call("cached", "two", as: Int.self) == 2)
      for user in ["ann", "bob"] as [ByteText] {
        let identity = ClientIdentity(userID: user)
        #expect(try await gateway.call("cached", "mine", as: String.self, by: identity) == user.string)
      }
    }
    // sample: where they go
    try gateway.register(
      ServiceEndpoints("prices") {
        Endpoint("price", Argument("item", String.self)) { item in item.utf8.count }
          .middleware { call, next in try await cache.result(call, or: next) }
        Endpoint(performing: "reset") {}.middleware(only("admin"))
      }
      .middleware(traced))
    // end
    #expect(try await gateway.call("prices", "price", ["item": "pen"], as: Int.self) == 3)
    #expect(try await gateway.call("prices", "price", ["item": "pen"], as: Int.self) == 3)
    #expect(await gateway.response("prices", "reset").error == "only for the role admin")
    let admin = ClientIdentity(userID: "ann", roles: ["admin"])
    #expect(await gateway.response("prices", "reset", by: admin).success)
    await gateway.callWithExtremes()
  }

  @Test("options of a whole service")
  func options() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: a whole service
    try gateway.register(
      ServiceEndpoints("accounts") {
        Endpoint("terms") { "be kind" }.permission(.open)
        Endpoint("balance") { 12 }.limit(5, per: .seconds(1))
        Endpoint("report") { "…" }.timeout(.seconds(30))
      }
      .permission(.anyAuthenticated)
      .timeout(.seconds(3))
      .limit(100, per: .seconds(60))
      .before { request in request.args["dry_run"] == true ? .abort("nothing was done") : .proceed(request) })
    // end
    #expect(await gateway.response("accounts", "balance").error == "Permission denied")
    #expect(try await gateway.call("accounts", "terms", as: String.self) == "be kind")
    // sample: nothing by default
    var configuration = GatewayConfiguration(node: "gw2")
    configuration.requiresPermission = true
    let strict = try Gateway(configuration: configuration)
    // end
    #expect(throws: ConfigStoreError.self) { try strict.register(Endpoint("a") { 1 }, service: "s") }
  }
}
