import Foundation
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Bounds of arguments of every type")
struct ArgumentBoundTests {
  private struct Inner: Codable, Sendable {
    var texts: [String: String] = [:]
    var numbers: [Int?]?
  }

  private struct Tree: Codable, Sendable { var branches: [String: Tree]? }

  private func refusal(_ endpoint: Endpoint, _ value: Value) async throws -> ByteText? {
    let gateway = try GatewayFixture().gateway
    try gateway.register(endpoint, service: "s")
    return await gateway.response("s", endpoint.requestType, ["v": value]).error
  }

  private static func object(_ count: Int, _ value: Value = 1) -> Value {
    .object(ValueObject(uniqueKeysWithValues: (0..<count).map { (key: ByteText("k\($0)"), value: value) }))
  }

  private static let long = Value.string(ByteText(String(repeating: "x", count: 3_001)))

  @Test("of which nothing is stated a dictionary, a list or a text of any type is bounded")
  func unstated() async throws {
    let cases: [(Endpoint, Value, ByteText)] = [
      (
        Endpoint("a", Argument("v", [String: Int].self)) { $0 }, Self.object(1_001),
        "\"v\" has more than 1000 keys"
      ),
      (
        Endpoint("a", Argument("v", [Int: Int]?.self)) { $0 }, Self.object(1_001),
        "\"v\" has more than 1000 keys"
      ),
      (
        Endpoint("a", Argument("v", [String: String].self)) { $0 }, ["k": Self.long],
        "key \"k\" of argument \"v\" is longer than 3000 bytes"
      ),
      (
        Endpoint("a", Argument("v", [String: [String: Int]].self)) { $0 }, ["k": Self.object(1_001)],
        "key \"k\" of argument \"v\" has more than 1000 keys"
      ),
      (
        Endpoint("a", Argument("v", [Inner].self)) { $0 },
        .array(Array(repeating: ["texts": [:]], count: 1_001)),
        "\"v\" has more than 1000 items"
      ),
      (
        Endpoint("a", Argument("v", [Inner].self)) { $0 }, [["texts": ["k": Self.long]]],
        "key \"k\" of key \"texts\" of item 0 of argument \"v\" is longer than 3000 bytes"
      ),
      (
        Endpoint("a", Argument("v", Inner.self)) { $0 }, ["texts": Self.object(1_001, "x")],
        "key \"texts\" of argument \"v\" has more than 1000 keys"
      ),
      (
        Endpoint("a", Argument("v", Inner.self)) { $0 },
        ["texts": [:], "numbers": .array(Array(repeating: 1, count: 1_001))],
        "key \"numbers\" of argument \"v\" has more than 1000 items"
      ),
      (
        Endpoint("a", Argument("v", [Int?].self)) { $0 }, .array(Array(repeating: 1, count: 1_001)),
        "\"v\" has more than 1000 items"
      ),
      (
        Endpoint("a", Argument("v", [[Int]].self)) { $0 }, [.array(Array(repeating: 1, count: 1_001))],
        "item 0 of argument \"v\" has more than 1000 items"
      ),
      (Endpoint("a", Argument("v", Value.self)) { $0 }, Self.long, "\"v\" is longer than 3000 bytes"),
    ]
    for (endpoint, value, words) in cases {
      let error = try await refusal(endpoint, value)
      #expect(error?.hasSuffix(words) == true, "\(error ?? "none") instead of \(words)")
    }
    let fitting: [(Endpoint, Value)] = [
      (Endpoint("a", Argument("v", [String: Int].self)) { $0 }, Self.object(1_000)),
      (Endpoint("a", Argument("v", [String: Int?].self)) { $0 }, ["k": nil]),
      (Endpoint("a", Argument("v", Tree.self)) { $0 }, ["branches": ["a": ["branches": [:]]]]),
    ]
    for (endpoint, value) in fitting { #expect(try await refusal(endpoint, value) == nil) }
  }

  @Test("bounds can be stated of each")
  func stated() async throws {
    let cases: [(Endpoint, fine: Value, refused: Value, ByteText)] = [
      (
        Endpoint("a", Argument("v", [String: Int].self, maxItems: 2)) { $0 }, Self.object(2), Self.object(3),
        "\"v\" has more than 2 keys"
      ),
      (
        Endpoint("a", Argument("v", [String: Int].self, min: 0, max: 3)) { $0 }, ["a": 3], ["a": 4],
        "key \"a\" of argument \"v\" must be 0 to 3"
      ),
      (
        Endpoint("a", Argument("v", [String: String].self, maxItemBytes: 4_000)) { $0 }, ["a": Self.long],
        ["a": .string(ByteText(String(repeating: "x", count: 4_001)))],
        "key \"a\" of argument \"v\" is longer than 4000 bytes"
      ),
      (
        Endpoint("a", Argument("v", [String: Inner].self, maxItems: 1)) { $0 }, ["a": ["texts": ["x": "y"]]],
        ["a": ["texts": [:]], "b": ["texts": [:]]], "\"v\" has more than 1 keys"
      ),
      (
        Endpoint("a", Argument("v", [Inner].self, maxItems: 1)) { $0 }, [["texts": [:]]],
        [["texts": [:]], ["texts": [:]]], "\"v\" has more than 1 items"
      ),
      (
        Endpoint("a", Argument("v", Value.self, maxBytes: 4_000)) { $0 }, Self.long,
        .string(ByteText(String(repeating: "x", count: 4_001))), "\"v\" is longer than 4000 bytes"
      ),
      (
        Endpoint("a", Argument("v", [Int].self, maxItems: 5_000)) { $0 },
        .array(Array(repeating: 1, count: 5_000)),
        .array(Array(repeating: 1, count: 5_001)), "\"v\" has more than 5000 items"
      ),
      (
        Endpoint("a", Argument("v", Decimal.self, min: 0, max: 5)) { $0 }, "5.0",
        "5.00000000000000000000000000001",
        "\"v\" must be 0 to 5"
      ),
      (
        Endpoint("a", Argument("v", Decimal?.self, max: Decimal(string: "0.1")!)) { $0 }, 0.1, "0.11",
        "\"v\" must be at most 0.1"
      ),
      (
        Endpoint("a", Argument("v", UInt8.self)) { $0 }, 255, 256, "\"v\" must be 0 to 255"
      ),
      (
        Endpoint("a", Argument("v", [Int8].self, min: 0)) { $0 }, [127], [128],
        "item 0 of argument \"v\" must be 0 to 127"
      ),
    ]
    for (endpoint, fine, refused, words) in cases {
      #expect(try await refusal(endpoint, fine) == nil, "\(words)")
      let error = try await refusal(endpoint, refused)
      #expect(error?.hasSuffix(words) == true, "\(error ?? "none") instead of \(words)")
    }
  }

  @Test("a bound that the type does not have, or that is beyond it, is refused as it is registered")
  func misfits() throws {
    func fault(_ endpoint: Endpoint) throws -> String {
      let gateway = try GatewayFixture().gateway
      do throws(ConfigStoreError) {
        try gateway.register(endpoint, service: "s")
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      try fault(Endpoint("a", Argument("v", UInt8.self, max: 300)) { $0 }).contains(
        "max is 300, and its type is 0 to 255"))
    #expect(
      try fault(Endpoint("a", Argument("v", Int16.self, min: -40_000)) { $0 }).contains("min is -40000"))
    #expect(try fault(Endpoint("a", Argument("v", Inner.self, min: 1)) { $0 }).contains("min is for"))
    #expect(
      try fault(Endpoint("a", Argument("v", [String: String].self, min: 1)) { $0 }).contains("min is for"))
    #expect(try fault(Endpoint("a", Argument("v", Value.self, max: 1)) { $0 }).contains("max is for"))
  }

  @Test("a config with them is read back as it was, from its value")
  func readBack() throws {
    for spec in [
      ArgumentSpec(.map, min: 0, maxItems: 2, maxItemBytes: 5, isNested: true),
      ArgumentSpec(.any, max: 5, isDecimal: true),
      ArgumentSpec(.any, maxBytes: 5, maxItems: 2, maxItemBytes: 3),
    ] {
      let config = FunctionConfig(
        service: "s", requestType: "t", function: FunctionReference("A", "b"), arguments: ["v": spec])
      #expect(config.validate() == [])
      #expect(try FunctionConfig(config.value).arguments["v"] == spec)
    }
  }

  @Test("a schema tells what is taken")
  func schema() {
    func schema(_ endpoint: Endpoint) -> Value? {
      endpoint.arguments["v"]?.schema(ArgumentLimits())
    }
    let small = schema(Endpoint("a", Argument("v", UInt8.self)) { $0 })
    #expect(small == ["type": "integer", "minimum": 0, "maximum": 255])
    let dictionary = schema(Endpoint("a", Argument("v", [String: Int].self, maxItems: 2)) { $0 })
    #expect(dictionary?["type"] == "object" && dictionary?["maxProperties"] == 2)
    let decimal = schema(Endpoint("a", Argument("v", Decimal.self, max: 5)) { $0 })
    #expect(decimal?["type"] == ["number", "string"] && decimal?["maximum"] == 5)
    #expect(schema(Endpoint("a", Argument("v", Value.self, maxItems: 5)) { $0 })?["maxItems"] == 5)
  }
}
