import Testing

@testable import GenAPIServer

@Suite("The limit of descriptors")
struct DescriptorLimitTests {
  @Test("a soft limit is raised as far as is needed, and a hard one that is too low is told with what to do")
  func plans() {
    #expect(DescriptorLimit.plan(needed: 1_000, soft: 1_024, hard: 4_096) == (nil, nil))
    #expect(DescriptorLimit.plan(needed: 2_000, soft: 1_024, hard: 4_096) == (2_000, nil))
    let (raised, warning) = DescriptorLimit.plan(needed: 10_000, soft: 1_024, hard: 4_096)
    #expect(raised == 4_096)
    #expect(warning?.contains("max_connections") == true && warning?.contains("10000") == true)
    #expect(warning?.contains("4096") == true && warning?.contains("LimitNOFILE") == true)
    #expect(DescriptorLimit.plan(needed: 10_000, soft: 64, hard: 64).raised == nil)
  }

  @Test("every connection that the settings allow is counted")
  func needed() throws {
    let configuration = try ServerConfiguration(
      toml: """
        [auth]
        mode = "anonymous"
        [websocket]
        max_connections = 5000
        [telemetry]
        max_subscribers = 100
        """, file: "g.toml", environment: [:])
    #expect(DescriptorLimit.needed(by: configuration) >= 5_116)
  }

  @Test("a limit that leaves clients none is refused at the start, as one that leaves the process none")
  func none() {
    for limit in [0, 24, 30, 32, 34] as [UInt64] {
      #expect(!DescriptorLimit.suffices(limit, cores: 2), "\(limit)")
    }
    for limit in [44, 64, 1_024, .max] as [UInt64] {
      #expect(DescriptorLimit.suffices(limit, cores: 2), "\(limit)")
    }
    #expect(!DescriptorLimit.suffices(64, cores: 64))
  }
}
