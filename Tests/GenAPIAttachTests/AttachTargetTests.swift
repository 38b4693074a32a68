import Testing

@testable import GenAPIAttach

struct AttachTargetTests {
  @Test("a target is erlang: and a node's name")
  func parses() throws {
    #expect(try AttachTarget(parsing: "erlang:gateway@10.0.0.5").node == "gateway@10.0.0.5")
    #expect(try AttachTarget(parsing: "erlang:gw@host").description == "erlang:gw@host")
    for text in [
      "erlang:", "erlang:gateway", "erlang:@host", "erlang:a@b@c", "gateway@host", "erlang:a@\u{1B}[2J",
    ] {
      #expect(throws: AttachTargetError.self) { try AttachTarget(parsing: text) }
    }
  }

  @Test("a port in a target is refused in words; an address of version 6 is none")
  func ports() throws {
    for text in ["erlang:gw@127.0.0.1:4369", "erlang:gw@host:4710", "erlang:gw@[::1]:4369"] {
      let error = #expect(throws: AttachTargetError.self) { try AttachTarget(parsing: text) }
      #expect(
        error?.description.contains("has a port") == true
          && error?.description.contains("--epmd-port") == true)
    }
    for text in ["erlang:gw@::1", "erlang:gw@fe80::1:2", "erlang:gw@host"] {
      #expect(throws: Never.self) { try AttachTarget(parsing: text) }
    }
  }

  @Test("its own name has a host written as the gateway's: long, short or loopback")
  func ownName() throws {
    let long = try AttachTarget(parsing: "erlang:gateway@10.0.0.5")
    #expect(long.ownName(1, hostName: "desk.example.org") == "genapi_top_1@desk.example.org")
    #expect(long.ownName(2, hostName: "desk") == "genapi_top_2@desk.local")
    #expect(
      try AttachTarget(parsing: "erlang:gw@web").ownName(1, hostName: "desk.example.org")
        == "genapi_top_1@desk")
    #expect(
      try AttachTarget(parsing: "erlang:gw@127.0.0.1").ownName(3, hostName: "desk")
        == "genapi_top_3@127.0.0.1")
  }
}
