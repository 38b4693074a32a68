import Foundation
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("What clients read of endpoints")
struct ClientWordTests {
  private enum Level: Int, Codable, Sendable { case low = 1, high = 10 }
  private struct Even: Codable, Sendable {
    init(from decoder: any Decoder) throws {
      if try decoder.singleValueContainer().decode(Int.self) % 2 == 1 { throw CancellationError() }
    }
  }

  /// What its initialiser throws is told by number.
  private struct Odd: Codable, Sendable {
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let path = container.codingPath
      switch try container.decode(Int.self) {
      case 0: throw DecodingError.dataCorruptedError(in: container, debugDescription: "secret")
      case 1: throw DecodingError.typeMismatch(Odd.self, .init(codingPath: path, debugDescription: "secret"))
      case 2: throw DecodingError.valueNotFound(Odd.self, .init(codingPath: path, debugDescription: "secret"))
      case 3: throw DecodingError.keyNotFound(Secret(), .init(codingPath: path, debugDescription: "secret"))
      default: throw ArgumentError("")
      }
    }

    private struct Secret: CodingKey {
      var stringValue: String { "secret" }
      var intValue: Int? { nil }
      init() {}
      init?(stringValue: String) { nil }
      init?(intValue: Int) { nil }
    }
  }

  @Test("nothing of what an initialiser throws that is not made for clients, and none of Swift's own words")
  func initialisers() async throws {
    for number in 0...4 {
      let one = Endpoint("a", Argument("v", Odd.self)) { _ in 1 }
      let words = try await response(one, .int(Int64(number))).error
      #expect(words == "Invalid argument: argument \"v\": it is not valid")
      let list = Endpoint("a", Argument("v", [Odd].self)) { _ in 1 }
      #expect(
        try await response(list, [.int(Int64(number))]).error
          == "Invalid argument: argument \"v[0]\": it is not valid")
    }
    let keys = Endpoint("a", Argument("v", [Int: Int].self)) { $0 }
    let refused = try await response(keys, ["x": 1])
    #expect(refused.error?.string.contains("Expected") == false)
    #expect(try await response(keys, ["1": 1]).result == ["1": 1])
  }

  @Test("a whole number of 32 bits stays what it is, and a key is bounded as a text is")
  func wholeFloats() async throws {
    for number in [2_147_483_648, 4_294_967_296, 16_777_216, 0.1] {
      let echo = Endpoint("a", Argument("v", Float.self)) { $0 }
      #expect(try await response(echo, .double(number)).result == .double(number))
    }
    #expect(Float(2_147_483_648).argumentBound.double == 2_147_483_648)
    #expect(Float(0.1).argumentBound == .double(0.1))
    for (bytes, isTaken) in [(3_000, true), (3_001, false)] {
      let key = ByteText(String(repeating: "k", count: bytes))
      for endpoint in [
        Endpoint("a", Argument("v", [String: String].self)) { _ in 1 },
        Endpoint("a", Argument("v", Value.self)) { _ in 1 },
        Endpoint("a", Argument("v", [[String: Int]].self)) { _ in 1 },
      ] {
        let found = try await response(endpoint, .object([key: 1]))
        let list = try await response(endpoint, [.object([key: 1])])
        let words = [found, list].compactMap(\.error?.string)
        #expect(words.contains { $0.hasSuffix("is longer than 3000 bytes") } == !isTaken)
      }
    }
  }

  private func response(_ endpoint: Endpoint, _ value: Value? = nil) async throws -> Response {
    let gateway = try GatewayFixture().gateway
    try gateway.register(endpoint, service: "s")
    return await gateway.response("s", endpoint.requestType, value.map { ["v": $0] } ?? [:])
  }

  @Test("no name of a Swift type, and what would be right")
  func words() async throws {
    let cases: [(Endpoint, Value, ByteText)] = [
      (
        Endpoint("a", Argument("v", [UUID].self)) { $0 }, ["x"],
        "item 0 of argument \"v\" must be a UUID of the form 8-4-4-4-12 hexadecimal digits"
      ),
      (Endpoint("a", Argument("v", Level.self)) { $0 }, 5, "argument \"v\": 5 is none of its values"),
      (Endpoint("a", Argument("v", Even.self)) { _ in 1 }, 5, "argument \"v\": it is not valid"),
      (
        Endpoint("a", Argument("v", UInt64.self)) { $0 }, -1,
        "argument \"v\" must be 0 to 18446744073709551615"
      ),
      (
        Endpoint("a", Argument("v", Date.self)) { $0 }, "-0001-01-01T00:00:00Z",
        "argument \"v\": it must be a date and time of the years 0000 to 9999"
      ),
      (
        Endpoint("a", Argument("v", Decimal.self)) { $0 }, "123456789012345678901234567890123456789012345",
        "argument \"v\" must be a decimal number of at most 38 digits, as text or number"
      ),
    ]
    for (endpoint, value, words) in cases {
      #expect(try await response(endpoint, value).error == "Invalid argument: " + words)
    }
  }

  @Test("a key that is empty, or has dots, blanks or a line's end, has quotes where it is told")
  func keys() async throws {
    for (key, shown) in [("x", "x"), ("", "\"\""), ("a.b", "\"a.b\""), (" ", "\" \""), ("a\nb", "\"a␊b\"")]
      as [(
        ByteText, ByteText
      )]
    {
      let endpoint = Endpoint("a", Argument("v", [String: [Level]].self)) { _ in 1 }
      #expect(
        try await response(endpoint, .object([key: [5]])).error
          == "Invalid argument: argument \"v.\(shown)[0]\": 5 is none of its values")
    }
  }

  @Test("what is taken is answered as it came")
  func roundTrips() async throws {
    let last = try await response(
      Endpoint("a", Argument("v", Date.self)) { $0 }, "9999-12-31T23:59:59.999999999Z")
    #expect(last.result.string?.hasPrefix("9999-12-31T23:59:59.99") == true)
    #expect(try await response(Endpoint("a") { Float(0.1) }).result == 0.1)
    #expect(
      try await response(Endpoint("a") { ["x": [Float(16_777_216), -0.3]] }).result == [
        "x": [16_777_216.0, -0.3]
      ])
    let digits: Value = "12345678901234567890123456789012345678"
    #expect(try await response(Endpoint("a", Argument("v", Decimal.self)) { $0 }, digits).result == digits)
    #expect(try await response(Endpoint("a", Argument("v", Decimal.self)) { $0 }, "1.50e3").result == "1500")
  }

  @Test("an error without words is an internal one, and the log has a line of it")
  func empty() async throws {
    let lines = InMemoryLogHandler()
    let gateway = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }.gateway
    try gateway.register(
      Endpoint(performing: "no") { throw FunctionError("", isFinal: true, isForClient: true) }, service: "s")
    try gateway.register(
      Endpoint(streaming: "parts") { _ in throw FunctionError(" ", isFinal: true, isForClient: true) },
      service: "s")
    #expect(await gateway.response("s", "no").error == "Internal Server Error")
    let client = gateway.connect(as: ClientIdentity(userID: "ann"))
    await gateway.send("s", "parts", from: client)
    var last = try await client.next(within: .seconds(5))
    while last.hasMore { last = try await client.next(within: .seconds(5)) }
    #expect(last.error == "Internal Server Error")
    #expect(lines.entries.filter { $0.metadata["error"] != nil }.count == 2)
  }
}
