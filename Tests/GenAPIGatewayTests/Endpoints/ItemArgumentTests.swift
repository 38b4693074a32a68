import Foundation
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("What lists hold, and what of it is told")
struct ItemArgumentTests {
  private enum Color: String, Codable, Sendable, CaseIterable { case red, green }
  private enum Level: Int, Codable, Sendable, CaseIterable { case low = 1, high = 9 }
  private enum Open: String, Codable, Sendable, CaseIterable {
    case known, other
    init(from decoder: any Decoder) throws {
      self = Open(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .other
    }
  }
  private struct Inner: Codable, Sendable {
    var text = ""
    var color: Color?
  }
  private struct Taken: Codable, Sendable {
    var color: Color
    var levels: [Level?]
    var prices: [Decimal]?
  }

  private func error(_ endpoint: Endpoint, _ value: Value) async throws -> ByteText? {
    let gateway = try GatewayFixture().gateway
    try gateway.register(endpoint, service: "s")
    return await gateway.response("s", endpoint.requestType, ["v": value]).error
  }

  private func schema(_ endpoint: Endpoint) throws -> SchemaValidator {
    let config = endpoint.config(service: "s")
    return SchemaValidator(try #require(config.schema(ArgumentLimits())["arguments"]))
  }

  private static let wide = Value.wideInteger(WideInteger("18446744073709551615")!)
  private static let beyond = Value.wideInteger(WideInteger("18446744073709551616")!)

  /// An endpoint, and what it takes and does not take.
  private static func cases() -> [(Endpoint, fine: [Value], wrong: [Value])] {
    [
      (
        Endpoint("a", Argument("v", [Int?].self, min: 0, max: 9)) { $0 }, [[], [0, nil, 9.0]],
        [[10], [nil, -1], [1.5], ["1"], nil, 3]
      ),
      (Endpoint("a", Argument("v", [UInt8?].self)) { $0 }, [[255, nil]], [[256], [true]]),
      (
        Endpoint("a", Argument("v", [Decimal].self, min: 0, max: Decimal(string: "9.5")!)) { $0 },
        [["9.5", 0, "1e0"], []], [[9.51], [-1], ["x"], [true], [nil]]
      ),
      (Endpoint("a", Argument("v", [Decimal?].self, min: 1)) { $0 }, [[nil, "1"]], [[0.5], [[1]]]),
      (Endpoint("a", Argument("v", [Double?]?.self, max: 1)) { $0 }, [[nil, 0.5], nil], [[1.5]]),
      (Endpoint("a", Argument("v", [String?].self)) { $0 }, [["a", nil]], [[1], [["a"]]]),
      (Endpoint("a", Argument("v", [Bool?].self)) { $0 }, [[true, nil]], [["a"], [1], [[:]]]),
      (Endpoint("a", Argument("v", [Inner?].self)) { $0.count }, [[["text": "a"], nil]], []),
      (
        Endpoint("a", Argument("v", UInt64.self)) { $0 }, [0, 1.0, Self.wide],
        [-1, 1.5, 0.5, Self.beyond, "1"]
      ),
      (Endpoint("a", Argument("v", [UInt64].self)) { $0 }, [[0, Self.wide]], [[0.5], [Self.beyond]]),
      (Endpoint("a", Argument("v", Int128.self)) { $0 }, [-1, Self.beyond], [1.5]),
      (Endpoint("a", Argument("v", UInt128.self, max: 5)) { $0 }, [5], [2.5, 6, Self.wide]),
      (Endpoint("a", Argument("v", Color.self)) { $0 }, ["red"], ["blue", 1, nil]),
      (Endpoint("a", Argument("v", Color?.self)) { $0 }, ["red", nil], ["blue"]),
      (Endpoint("a", Argument("v", Color.self, default: .red)) { $0 }, ["green", nil], ["blue"]),
      (Endpoint("a", Argument("v", [Color].self)) { $0 }, [["red", "green"]], [["red", "blue"], [nil]]),
      (Endpoint("a", Argument("v", [Color?].self)) { $0 }, [["red", nil]], [["blue"]]),
      (Endpoint("a", Argument("v", Level.self)) { $0 }, [1, 9.0], [2, "low"]),
      (Endpoint("a", Argument("v", Open.self)) { $0 }, ["known", "anything"], [1]),
      (
        Endpoint("a", Argument("v", Decimal.self)) { $0 }, ["1.5", 2],
        [" 1.5", "1.5 ", "\n1", "1\t", "+1", ""]
      ),
    ]
  }

  @Test(
    "bounds hold for items that may be null, and for decimal numbers; a schema takes what is taken, and no more"
  )
  func taken() async throws {
    for (endpoint, fine, wrong) in Self.cases() {
      let schema = try schema(endpoint)
      let type = "\(endpoint.arguments["v"]!)"
      for value in fine {
        let error = try await error(endpoint, value)
        #expect(error == nil, "\(value) for \(type): \(error ?? "")")
        #expect(try schema.takes(["v": value]), "\(value) for \(type)")
      }
      for value in wrong {
        #expect(try await error(endpoint, value) != nil, "\(value) for \(type)")
        #expect(try !schema.takes(["v": value]), "schema: \(value) for \(type)")
      }
      let config = endpoint.config(service: "s", nodes: .list(["a@b"]))
      #expect(config.validate() == [])
      #expect(try FunctionConfig(config.value).value == config.value)
    }
  }

  @Test("so do those of the fields of a type, whose schema names the cases that there are")
  func fields() async throws {
    let gateway = try GatewayFixture().gateway
    let endpoint = try Endpoint("f", taking: Taken.self, Argument("prices", [Decimal].self, max: 5)) {
      $0.levels.count
    }
    try gateway.register(endpoint, service: "s")
    let schema = try schema(endpoint)
    for (arguments, isTaken) in [
      (["color": "red", "levels": [1, nil], "prices": ["4"]], true),
      (["color": "red", "levels": []], true), (["color": "blue", "levels": []], false),
      (["color": "red", "levels": [2]], false), (["color": "red", "levels": [], "prices": ["6"]], false),
    ] as [(ValueObject, Bool)] {
      #expect(await gateway.response("s", "f", arguments).success == isTaken, "\(arguments)")
      // The bound of a text is beyond a schema.
      if arguments["prices"] == nil {
        #expect(try schema.takes(.object(arguments)) == isTaken, "\(arguments)")
      }
    }
  }

  @Test(
    "a bound without a meaning for the type is refused at registration, with the endpoint and the argument")
  func meaningless() throws {
    let gateway = try GatewayFixture().gateway
    for (endpoint, option) in [
      (Endpoint("f", Argument("v", Bool.self, min: 1)) { $0 }, "min"),
      (Endpoint("f", Argument("v", Bool?.self, max: 1)) { $0 }, "max"),
      (Endpoint("f", Argument("v", String.self, min: 1)) { $0 }, "min"),
      (Endpoint("f", Argument("v", [String?].self, min: 1)) { $0 }, "min"),
      (Endpoint("f", Argument("v", [Bool].self, max: 1)) { $0 }, "max"),
      (Endpoint("f", Argument("v", [Bool].self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", [Date].self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", [Decimal].self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", [Int?].self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", [Int?].self, maxBytes: 1)) { $0 }, "maxBytes"),
      (Endpoint("f", Argument("v", [[Int]].self, maxBytes: 1)) { $0 }, "maxBytes"),
      (Endpoint("f", Argument("v", [[Int]].self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", [String: Int].self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", [String: Bool].self, min: 1)) { $0 }, "min"),
      (Endpoint("f", Argument("v", Decimal.self, maxBytes: 1)) { $0 }, "maxBytes"),
      (Endpoint("f", Argument("v", Decimal?.self, maxItems: 1)) { $0 }, "maxItems"),
      (Endpoint("f", Argument("v", Decimal.self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", Date.self, min: 1)) { $0 }, "min"),
      (Endpoint("f", Argument("v", UUID.self, maxBytes: 1)) { $0 }, "maxBytes"),
      (Endpoint("f", Argument("v", Data.self, maxItemBytes: 1)) { $0 }, "maxItemBytes"),
      (Endpoint("f", Argument("v", Inner.self, min: 1)) { $0.text }, "min"),
      (Endpoint("f", Argument("v", Inner.self, maxBytes: 1)) { $0.text }, "maxBytes"),
      (Endpoint("f", Argument("v", [Inner].self, maxBytes: 1)) { $0.count }, "maxBytes"),
      (Endpoint("f", Argument("v", Int.self, maxItems: 1)) { $0 }, "maxItems"),
      (Endpoint("f", Argument("v", Int.self, max: UInt64.max)) { $0 }, "max"),
      (Endpoint("f", Argument("v", [Int].self, required: ["a"])) { $0 }, "required"),
    ] {
      let faults = gateway.faults(of: endpoint)
      #expect(faults.count == 1, "\(option) of \(endpoint.arguments["v"]!): \(faults)")
      #expect(
        faults.first?.hasPrefix("svc/f: argument \"v\": \(option) is ") == true, "\(option): \(faults)")
    }
    for endpoint in [
      Endpoint("f", Argument("v", [Data].self, maxItems: 4, maxItemBytes: 9)) { $0 },
      Endpoint("f", Argument("v", [[String]].self, maxItems: 4, maxItemBytes: 9)) { $0 },
      Endpoint("f", Argument("v", [String: [String]].self, maxItems: 4, maxItemBytes: 9)) { $0 },
      Endpoint("f", Argument("v", [String: Int?].self, maxItems: 4)) { $0 },
      Endpoint("f", Argument("v", Inner.self, maxItemBytes: 9)) { $0.text },
      Endpoint("f", Argument("v", [Inner].self, maxItemBytes: 9)) { $0.count },
      Endpoint("f", Argument("v", Value.self, maxBytes: 4, maxItems: 3, maxItemBytes: 9)) { $0 },
      Endpoint("f", Argument("v", [Value].self, maxItemBytes: 9)) { $0 },
      Endpoint("f", Argument("v", URL.self, maxBytes: 9)) { $0 },
      Endpoint("f", Argument("v", [String: Double].self, min: 0)) { $0 },
      Endpoint("f", Argument("v", [Color].self, maxItemBytes: 9)) { $0 },
    ] { #expect(gateway.faults(of: endpoint) == []) }
  }

  @Test("a Float beyond its bits is refused, in whatever it stands")
  func floats() async throws {
    let cases: [(Endpoint, Value)] = [
      (Endpoint("a", Argument("v", Float.self)) { $0 }, .double(1e39)),
      (Endpoint("a", Argument("v", Float?.self)) { $0 }, .double(-1e39)),
      (Endpoint("a", Argument("v", [Float].self)) { $0 }, .array([.double(1e39)])),
      (Endpoint("a", Argument("v", [String: Float].self)) { $0 }, .object(["a": .double(1e39)])),
    ]
    for (endpoint, value) in cases {
      #expect(try await error(endpoint, value)?.string.contains("beyond a number of 32 bits") == true)
    }
  }

  @Test("bytes are Base64 with its padding, and nothing beside")
  func base64() async throws {
    let endpoint = Endpoint("a", Argument("v", Data.self)) { $0.count }
    for wrong in [
      "====", "=", "A", "AA", "AAA", "A===", "AA=A", "AAA=AAAA", "AAAA====", "AAAA\n", " AAA", "A-_A", "é",
    ] {
      #expect(throws: DecodingError.self, "\(wrong)") {
        try ValueDecoder().decode(Data.self, from: .string(ByteText(wrong)))
      }
      #expect(try await error(endpoint, .string(ByteText(wrong))) != nil, "\(wrong)")
    }
    for count in 0...70 {
      let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) })
      let text = Value.string(ByteText(data.base64EncodedString()))
      #expect(try ValueDecoder().decode(Data.self, from: text) == data)
    }
  }
}
