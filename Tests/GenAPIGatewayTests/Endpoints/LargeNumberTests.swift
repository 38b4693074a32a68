import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Whole numbers beyond 64 bits, and null within lists")
struct LargeNumberTests {
  private struct Wide: Codable, Sendable, Equatable {
    var n: Int128
    var m: UInt128?
    var list: [UInt64]
  }

  private func echo<T: Codable & Sendable & Equatable>(_ value: T) async throws -> Bool {
    let gateway = try GatewayFixture().gateway
    try gateway.register(Endpoint("f", Argument("x", T.self)) { (x: T) in x }, service: "s")
    let result: T = try await gateway.call("s", "f", ["x": try ValueEncoder().encode(value)])
    return result == value
  }

  @Test("numbers of 128 bits, and the upper half of UInt64, are arguments and results, also within others")
  func wide() async throws {
    #expect(try await echo(Int128.max))
    #expect(try await echo(Int128.min))
    #expect(try await echo(Int128(7)))
    #expect(try await echo(UInt128.max))
    #expect(try await echo(UInt64.max))
    #expect(try await echo(UInt.max))
    #expect(try await echo(UInt64(0)))
    #expect(try await echo(UInt64.max as UInt64?))
    #expect(try await echo([UInt64.max, 0]))
    #expect(try await echo([Int128.min, 1]))
    #expect(try await echo(["a": UInt128.max]))
    #expect(try await echo(Wide(n: .min, m: .max, list: [.max])))
    #expect(try await echo([Wide(n: 1, m: nil, list: [])]))
    let gateway = try GatewayFixture().gateway
    try gateway.register(try Endpoint("f", taking: Wide.self) { wide in wide }, service: "s")
    let wide = Wide(n: .max, m: 1, list: [.max, 1])
    let arguments = try #require(try ValueEncoder().encode(wide).object)
    #expect(try await gateway.call("s", "f", arguments) == wide)
  }

  @Test("what does not fit such a number is the client's mistake, and its bounds may be as large")
  func bounds() async throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      Endpoint("f", Argument("x", UInt64.self, min: 1, max: UInt64.max - 1)) { x in x }, service: "s")
    for wrong in [-1, 0, 1.5, "1"] as [Value] {
      let response = await gateway.response("s", "f", ["x": wrong])
      #expect(response.error?.hasPrefix("Invalid argument: argument \"x\"") == true, "\(wrong)")
    }
    let most = Value.wideInteger(try #require(WideInteger("18446744073709551615")))
    #expect(
      await gateway.response("s", "f", ["x": most]).error
        == "Invalid argument: argument \"x\" must be 1 to 18446744073709551614")
    #expect(try await gateway.call("s", "f", ["x": 5]) == UInt64(5))
    // Of a smaller type such a bound leaves nothing.
    #expect(
      gateway.faults(of: Endpoint("g", Argument("x", Int.self, min: UInt64.max)) { x in x }).count == 1)
  }

  @Test("the declaration of a type that is not within 64 bits states its least and its greatest number")
  func stated() throws {
    func spec<T: Codable & Sendable>(_ type: T.Type) -> ArgumentSpec { Argument("x", type).declared.spec }
    func wide(_ number: some FixedWidthInteger) throws -> Value {
      .wideInteger(try #require(WideInteger("\(number)")))
    }
    for (found, least, most) in try [
      (spec(UInt.self), .int(0), wide(UInt.max)), (spec(UInt64.self), .int(0), wide(UInt64.max)),
      (spec(UInt64?.self), .int(0), wide(UInt64.max)), (spec([UInt].self), .int(0), wide(UInt.max)),
      (spec(UInt128.self), .int(0), wide(UInt128.max)),
      (spec(Int128.self), wide(Int128.min), wide(Int128.max)),
    ] as [(ArgumentSpec, Value, Value)] {
      #expect(found.min == least && found.max == most && found.isWhole && found.isWide, "\(found)")
      #expect(found.validate() == [])
    }
    #expect(spec(Int.self).range == nil && spec(Int.self).isWhole)
    let fields = try ArgumentShape.fields(of: Wide.self, "f", example: nil).map(\.spec)
    #expect(try fields.map(\.max) == [wide(Int128.max), wide(UInt128.max), wide(UInt64.max)])
    #expect(fields.map(\.min) == [try wide(Int128.min), 0, 0])
  }

  @Test("an optional item of a list may be null, and one of another type is the client's mistake")
  func optionalItems() async throws {
    #expect(try await echo([1, nil] as [Int?]))
    #expect(try await echo(["a", nil] as [String?]))
    #expect(try await echo([nil, 1.5] as [Double?]))
    let gateway = try GatewayFixture().gateway
    try gateway.register(Endpoint("f", Argument("x", [Int?].self)) { x in x.count }, service: "s")
    #expect(await gateway.response("s", "f", ["x": ["a"]]).error?.hasPrefix("Invalid argument: ") == true)
  }

  @Test("bounds beyond 64 bits are compared exactly")
  func compared() throws {
    func wide(_ digits: String) throws -> WideInteger { try #require(WideInteger(digits)) }
    let ascending = try [
      wide("-100000000000000000001"), wide("-100000000000000000000"), wide("-18446744073709551616"),
      wide("18446744073709551615"), wide("18446744073709551616"), wide("100000000000000000000"),
    ]
    for (one, other) in zip(ascending, ascending.dropFirst()) {
      #expect(one < other && !(other < one) && !(one < one))
    }
  }
}
