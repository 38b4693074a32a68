import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Version order (gateway.md 5, semver.org 11)")
struct VersionOrderTests {
  /// Lowest first, as semver.org has it, with what is no version below.
  private static let ordered = [
    "", "latest", "v1", "0.0.1", "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
    "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0",
  ]

  @Test("every pair of the example list is ordered as the list is (W-23)")
  func examples() {
    for (a, low) in Self.ordered.enumerated() {
      for (b, high) in Self.ordered.enumerated() {
        #expect(
          (FunctionVersion(ByteText(low)) < FunctionVersion(ByteText(high))) == (a < b), "\(low) and \(high)")
      }
    }
  }

  @Test(
    "it is a total order over any texts: exactly one of <, ==, > holds, and < is transitive (W-23)",
    arguments: 1...40)
  func total(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let texts = (0..<12).map { _ in Self.text(&random) }
    for a in texts {
      for b in texts {
        let (x, y) = (FunctionVersion(a), FunctionVersion(b))
        #expect([x < y, x == y, y < x].filter { $0 }.count == 1, "\(a) and \(b)")
        for c in texts where x < y && y < FunctionVersion(c) {
          #expect(x < FunctionVersion(c), "\(a) \(b) \(c)")
        }
      }
    }
  }

  @Test("build metadata does not outrank a version, whatever it says")
  func build() {
    #expect(FunctionVersion("1.0.0+zzz") < FunctionVersion("1.0.1"))
    #expect(FunctionVersion("1.0.0-rc.1+zzz") < FunctionVersion("1.0.0"))
  }

  @Test(
    "the store answers the highest of any set of versions, whatever the order they came in", arguments: 1...20
  )
  func store(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let store = try GatewayFixture().gateway.configs
    var stored: [ByteText: Bool] = [:]
    for _ in 0..<30 {
      let version = Self.text(&random)
      guard FunctionVersion.effective(version) != nil else { continue }
      let config = FunctionConfig(
        service: "s", requestType: "t", function: FunctionReference("M", "f"), version: version)
      switch UInt64.random(in: 0..<4, using: &random) {
      case 0 where stored[version] != nil:
        try store.delete("s", "t", version: version)
        stored[version] = nil
      case 1 where stored[version] != nil:
        let isEnabled = Bool.random(using: &random)
        if isEnabled {
          try store.enable("s", "t", version: version)
        } else {
          try store.disable("s", "t", version: version)
        }
        stored[version] = isEnabled
      default:
        try store.add(config)
        stored[version] = stored[version] ?? true
      }
      let best = stored.filter(\.value).keys.max { FunctionVersion($0) < FunctionVersion($1) }
      #expect((try? store.getLatest("s", "t"))?.version == best)
    }
  }

  private static func text(_ random: inout SeededRandom) -> ByteText {
    let parts = ["0", "1", "2", "10", "-1", "a", "rc", "", "99999999999999999999", "é"]
    func part() -> String { parts.randomElement(using: &random)! }
    var text = (0..<Int.random(in: 1...4, using: &random)).map { _ in part() }.joined(separator: ".")
    if Bool.random(using: &random) {
      text += "-" + part() + (Bool.random(using: &random) ? "." + part() : "")
    }
    if UInt64.random(in: 0..<4, using: &random) == 0 { text += "+" + part() }
    return ByteText(text)
  }
}
