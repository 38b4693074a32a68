import Testing

@testable import GenAPIServer

@Suite("Faults of a configuration, told together")
struct FaultListTests {
  @Test("a hundred of them have their lines, and the rest is counted")
  func many() {
    let faults = (1...40_000).map { ConfigurationFault(source: "g.toml", line: $0, reason: "no") }
    let lines = ConfigurationFaultList(faults: faults).description.split(separator: "\n")
    #expect(lines.count == 101 && lines.last == "and 39900 more" && lines[99] == "g.toml:100: no")
    #expect(ConfigurationFaultList(faults: Array(faults.prefix(1))).description == "g.toml:1: no")
  }
}
