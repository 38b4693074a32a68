import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Values of several kinds as keys of a limit")
struct KeyKindTests {
  @Test("values that differ are counted apart, those that are equal together, and none is kept at its length")
  func apart() throws {
    func key(_ value: Value) -> ByteText? {
      RequestKey.argument("v").counted(
        of: Request(service: "s", requestType: "t", requestID: "r", args: ["v": value]))
    }
    let wide = Value.wideInteger(try #require(WideInteger("18446744073709551616")))
    let different: [Value] = [
      1, "1", "01", "1.0", "\"1\"", 1.5, "1.5", "1e0", "-1", -1, true, "true", false, "false", "null", "",
      "\"\"",
      [], "[]", [1], ["1"], "[1]", [[1]], [:], "{}", ["a": 1], ["a": "1"], ["a": "01"], ["a": [1]], ["1": 1],
      ["01": 1], "{\"a\":1}", ["a": nil], ["a": [nil]], wide, "18446744073709551616", "u1", " 1", "1 ",
      .bytes([1]), "AQ==",
    ]
    var seen: [ByteText: Value] = [:]
    for value in different {
      let text = try #require(key(value))
      #expect(seen[text] == nil, "\(value) as \(seen[text] ?? .null): \(text)")
      seen[text] = value
    }
    for same in [
      [1, 1.0], [wide, .double(0x1p64)], [["a": 1, "b": [2]], ["b": [2.0], "a": 1]],
    ] as [[Value]] { #expect(key(same[0]) == key(same[1]), "\(same)") }
    // As people write them.
    #expect(key("u1") == "u1" && key(1) == "1" && key("1") == "\"1\"")
    #expect(key("null") == "\"null\"" && key("nullable") == "nullable" && key("true") == "\"true\"")
    #expect(key("2024-01-01") == "2024-01-01")
    #expect(key("1f3e0000-0000-4000-8000-000000000000") == "1f3e0000-0000-4000-8000-000000000000")
    #expect(key(nil) == nil)
  }

  @Test("an endpoint's limit by an argument of any value lets 1 and its digits in quotes each have its own")
  func limited() async throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      Endpoint("f", Argument("v", Value.self)) { $0 }.limit(1, per: .seconds(60), by: .argument("v")),
      service: "s")
    for value in [1, "1", ["a": "01"], ["a": "1"], ["a": 1]] as [Value] {
      #expect(await gateway.response("s", "f", ["v": value]).success, "\(value)")
      #expect(await gateway.response("s", "f", ["v": value]).error?.hasPrefix("Rate limit") == true)
    }
    // What was counted of large ones is short.
    let large = Value.object(["a": .string(ByteText(String(repeating: "x", count: 2_900)))])
    #expect(await gateway.response("s", "f", ["v": large]).success)
    #expect(await gateway.response("s", "f", ["v": large]).error?.hasPrefix("Rate limit") == true)
    let keys = gateway.rateLimiter.hotKeys().map(\.keyValue)
    #expect(!keys.isEmpty)
    #expect(keys.allSatisfy { $0.byteCount <= 256 })
  }
}
