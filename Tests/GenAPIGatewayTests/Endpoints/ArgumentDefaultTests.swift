import Foundation
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Defaults that can be none are refused in words")
struct ArgumentDefaultTests {
  private func faults<T: Codable & Sendable>(_ value: T) throws -> [ByteText] {
    try GatewayFixture().gateway.faults(
      of: Endpoint("f", Argument("x", T.self, default: value)) { (_: T) in 1 })
  }

  @Test("a default that cannot be written as a value is refused, and does not end the program")
  func unwritable() throws {
    struct Stubborn: Codable, Sendable {
      struct Broken: Error {}
      init() {}
      init(from decoder: any Decoder) throws {}
      func encode(to encoder: any Encoder) throws { throw Broken() }
    }
    for date in [1e15, -1e15, .nan, .infinity] {
      let faults = try faults(Date(timeIntervalSince1970: date))
      #expect(faults.count == 1)
      #expect(
        faults[0].string.hasPrefix(
          #"svc/f: argument "x": the default cannot be written as a value: the year of "#))
    }
    #expect(try faults(Date(timeIntervalSince1970: .nan) as Date?).count == 1)
    #expect(
      try faults(Decimal.nan) == [
        #"svc/f: argument "x": the default cannot be written as a value: it is no number"#
      ])
    #expect(
      try faults([Decimal.nan, 1]).contains {
        $0.hasPrefix(#"svc/f: argument "x": the default does not fit the type"#)
      })
    #expect(
      try faults(Stubborn()) == [#"svc/f: argument "x": the default cannot be written as a value: Broken()"#])
  }

  @Test("a default that can be written and read is taken, whatever its type")
  func fine() throws {
    #expect(try faults(Date(timeIntervalSince1970: 0)).isEmpty)
    #expect(try faults(Decimal(1.5)).isEmpty && faults(Int128.max).isEmpty && faults(UInt64.max).isEmpty)
    #expect(try faults(Data([1, 2])).isEmpty && faults([Data([1])]).isEmpty)
    #expect(
      try faults(Int?.none).isEmpty && faults(Value.null).isEmpty && faults(Duration.seconds(1)).isEmpty)
    #expect(
      try faults(URL(string: "http://a/")!).isEmpty && faults(UUID()).isEmpty && faults(["a": 1]).isEmpty)
  }
}
