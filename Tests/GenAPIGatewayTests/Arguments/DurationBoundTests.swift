import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Bounds are written as what the argument is")
struct DurationBoundTests {
  private func faults<Wrapped: Codable & Sendable>(_ argument: Argument<Wrapped>) throws -> [ByteText] {
    try GatewayFixture().gateway.faults(of: Endpoint("f", argument) { _ in 1 })
  }

  @Test("a duration's bounds need not name their type")
  func short() throws {
    let between = Argument("for", Duration.self, min: .seconds(1), max: .seconds(60), default: .seconds(2))
    #expect(between.spec.min == 1_000 && between.spec.max == 60_000 && between.spec.defaultValue == 2_000)
    #expect(Argument("for", Duration.self, max: .milliseconds(5)).spec.max == 5)
    let optional = Argument("for", Duration?.self, min: .seconds(1))
    #expect(optional.spec.min == 1_000 && optional.spec.allowsNil)
    #expect(Argument("for", Duration.self, min: 1, max: 2_000).spec.max == 2_000)
    #expect(Argument("for", Duration.self).spec.min == nil)
    #expect(try faults(between) == [])
  }

  @Test("a bound that is a duration is refused of what is none, and a fraction of a whole number")
  func others() throws {
    #expect(
      try faults(Argument("n", Int.self, min: Duration.seconds(1)))
        == ["svc/f: argument \"n\": min is a Duration, and it is a number"])
    #expect(
      try faults(Argument("n", Int.self, min: 0.5, max: 1.5)) == [
        "svc/f: argument \"n\": min must be a whole number, as its type is, not 0.5",
        "svc/f: argument \"n\": max must be a whole number, as its type is, not 1.5",
      ])
    #expect(try faults(Argument("n", Int.self, min: 1.0)) == [])
    #expect(try faults(Argument("n", Double.self, min: 0.5)) == [])
    #expect(try faults(Argument("n", [Duration].self, min: Duration.seconds(1))) == [])
  }
}
