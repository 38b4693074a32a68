import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Faults of endpoints, in the words of Swift code")
struct EndpointFaultTests {
  private enum Color: String, Codable, Sendable, CaseIterable { case red, turquoise }
  private enum Level: Int, Codable, Sendable, CaseIterable { case low = 1, high = 9 }

  private func faults(_ endpoint: Endpoint, _ gateway: Gateway? = nil) throws -> [ByteText] {
    try (gateway ?? GatewayFixture().gateway).faults(of: endpoint)
  }

  @Test(
    "each names its service, the endpoint and its version, and none begins with an empty name or ends in a blank"
  )
  func names() throws {
    let config = Endpoint("f") { 1 }.timeout(.zero)
    #expect(
      try faults(config.version("1.0.0")) == [
        "svc/f 1.0.0: timeout must be 100 ms to 5 min, or nil for none; it is 0 ms"
      ])
    #expect(try faults(config.version("")).allSatisfy { $0.hasPrefix("svc/f: ") })
    #expect(
      try faults(Endpoint("") { 1 }) == ["svc/(no name): the request type must be a non-empty string"])
  }

  @Test("an endpoint is told in its own words, with no field of a file in them")
  func words() throws {
    let one = Endpoint("f", Argument("n", Int.self, min: 9, max: 1)) { n in n }
    let of: [Endpoint] = [
      one, one.timeout(.seconds(Int64.max)), one.hookTimeout(.zero), one.permission(.argument("user")),
      one.permission(.role([])), one.permission(.argument("")), one.version("0.0.0"),
      one.setting { $0.chooseNode = .hashKey("") },
      one.setting { $0.resultEncoder = FunctionReference("A", "b") },
      one.setting { $0.beforeExecute = FunctionReference("A", "b") },
      Endpoint("f", Argument("s", String.self, maxBytes: 0)) { s in s },
      Endpoint("f", Argument("s", String.self, min: 1)) { s in s },
      Endpoint("f", Argument("s", String.self, maxItems: 1)) { s in s },
      Endpoint("f", Argument("s", String.self, maxBytes: 1, default: "long")) { s in s },
      Endpoint("f", Argument("s", [String].self, maxItemBytes: 1, default: ["long"])) { s in s },
      Endpoint("f", Argument("s", Double.self, default: .nan)) { s in s },
      Endpoint("f", Argument("s", Double.self, min: Double.infinity)) { s in s },
      Endpoint("f", Argument("s", Int.self), Argument("s", Int.self)) { s, _ in s },
      Endpoint("f", Argument("", Int.self)) { s in s },
    ]
    let config =
      #/arg_|_types|_orders|check_|max_|min_|_timeout|_execute|_callback|_encoder|_value|_type|infinity|mfa|Int64|9223372036854775807/#
    for endpoint in of {
      let faults = try faults(endpoint)
      #expect(!faults.isEmpty)
      for fault in faults { #expect(fault.string.firstMatch(of: config) == nil, "\(fault)") }
    }
    #expect(
      try faults(of[1]).contains(
        "svc/f: timeout must be 100 ms to 5 min, or nil for none; it is more than can be counted"))
    #expect(try faults(of[0]) == ["svc/f: argument \"n\": min must not be above max; they are 9 and 1"])
    #expect(
      try faults(of[13]) == [
        "svc/f: argument \"s\": the default does not fit the type: it is longer than 1 bytes"
      ])
    #expect(try faults(of[15]) == ["svc/f: argument \"s\": the default must be of finite numbers, not nan"])
    #expect(try faults(of[16]) == ["svc/f: argument \"s\": min must be a finite number, not inf"])
    #expect(try faults(of[17]) == ["svc/f: two arguments have one name"])
  }

  @Test("a gateway that requires a permission says so in Swift, too")
  func permission() throws {
    let gateway = try GatewayFixture { $0.requiresPermission = true }.gateway
    #expect(
      try faults(Endpoint("f") { 1 }, gateway) == [
        "svc/f: permission must say who may call, as this gateway is told to require it; .permission(.open) is anybody"
      ])
  }

  @Test("an enumeration with a case that its own bounds refuse is refused: as text, number, optional or list")
  func enumerations() throws {
    let text: ByteText =
      "svc/f: argument \"c\": the case \"turquoise\" of its type is refused by its own bounds: argument \"c\" is longer than 5 bytes"
    #expect(try faults(Endpoint("f", Argument("c", Color.self, maxBytes: 5)) { c in c }) == [text])
    #expect(try faults(Endpoint("f", Argument("c", Color?.self, maxBytes: 5)) { c in c }) == [text])
    let list = try faults(Endpoint("f", Argument("c", [Color].self, maxItemBytes: 5)) { c in c })
    #expect(list.count == 1 && list[0].string.contains("turquoise"))
    let number = try faults(Endpoint("f", Argument("c", Level.self, max: 5)) { c in c })
    #expect(number.count == 1 && number[0].hasSuffix("must be at most 5"))
    #expect(try faults(Endpoint("f", Argument("c", Color.self, maxBytes: 9)) { c in c }) == [])
    #expect(try faults(Endpoint("f", Argument("c", Level?.self, max: 9)) { c in c }) == [])
  }

  @Test("two limits of an endpoint that count the same are refused, two that differ are not")
  func alikeLimits() throws {
    let one = Endpoint("f") { 1 }.limit(5, per: .seconds(60))
    #expect(
      try faults(one.limit(9, per: .seconds(60))) == [
        "svc/f: two limits count by user_id within 1 min, 5 and 9: state one"
      ])
    #expect(try faults(one.limit(9, per: .seconds(61)).limit(5, per: .seconds(60), by: "device_id")) == [])
  }

  @Test(
    "a stream that is said to be asynchronous, unanswered or answered at once is refused, and one answer that is said to be a stream"
  )
  func streams() throws {
    let stream = Endpoint(streaming: "f", stream: { _ in })
    #expect(try faults(stream.asynchronous) == ["svc/f: it answers in parts, so it cannot be asynchronous"])
    #expect(try faults(stream.unanswered) == ["svc/f: it answers in parts, so it cannot be unanswered"])
    #expect(try faults(stream.setting { $0.responseType = .sync }).count == 1)
    #expect(try faults(stream.timeout(.seconds(1))) == [])
    #expect(try faults(Endpoint("f") { 1 }.setting { $0.responseType = .stream }).count == 1)
    // What a service says of all passes streams over.
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("svc") {
        stream
        Endpoint("g") { 1 }
      }.asynchronous)
    #expect(gateway.configs.configs(of: "svc").map(\.responseType) == [.stream, .async])
  }
}
