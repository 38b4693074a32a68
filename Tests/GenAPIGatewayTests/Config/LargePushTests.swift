import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Pushes of many functions")
struct LargePushTests {
  private func push(_ functions: [Value]) throws {
    let gateway = try GatewayFixture().gateway
    try gateway.receiver.push(
      PushConfig([
        "service": "s", "nodes": ["a@test"], "config_version": "1", "fun_configs": .array(functions),
      ]))
  }

  private func faults(_ functions: [Value]) -> [ByteText] {
    do {
      try push(functions)
      return []
    } catch PushError.allInvalid(let faults) {
      return faults
    } catch {
      return []
    }
  }

  @Test("of a push whose functions are all wrong a hundred faults are told, and how many more there are")
  func bounded() {
    let unreadable = faults((0..<1_000).map { .int(Int64($0)) })
    #expect(unreadable.count == 101 && unreadable.last == "and 900 more")
    let invalid = faults(
      (0..<1_000).map {
        ["service": "s", "request_type": "f\($0)" as Value, "mfa": "S.f", "nodes": ["a@test"], "timeout": 1]
      })
    #expect(invalid.count == 101 && invalid.last == "and 900 more")
    #expect(faults((0..<100).map { .int(Int64($0)) }).count == 100)
  }

  @Test("a push of more functions than may be is refused before one of them is read")
  func tooMany() {
    let most = ConfigBounds.functionsOfPush
    #expect(
      throws: ConfigFaults(faults: ["fun_configs has \(most + 1) functions, allowed are \(most)"])
    ) { try push(Array(repeating: 1, count: most + 1)) }
  }
}
