import GenAPIStream
import Testing

@Suite("Targets as people write them")
struct StreamTargetTests {
  @Test(
    "a target is read, and written the same way",
    arguments: [
      ("gw1", StreamTarget.Address.tcp(host: "gw1", port: 4_710), "gw1:4710"),
      ("gw1:99", .tcp(host: "gw1", port: 99), "gw1:99"),
      ("10.0.0.1:4711", .tcp(host: "10.0.0.1", port: 4_711), "10.0.0.1:4711"),
      ("[::1]", .tcp(host: "::1", port: 4_710), "[::1]:4710"),
      ("[fe80::2]:80", .tcp(host: "fe80::2", port: 80), "[fe80::2]:80"),
      ("unix:/run/genapi.sock", .unix(path: "/run/genapi.sock"), "unix:/run/genapi.sock"),
      ("unix:/run/s p é.sock", .unix(path: "/run/s p é.sock"), "unix:/run/s p é.sock"),
    ])
  func reads(text: String, address: StreamTarget.Address, written: String) throws {
    let target = try StreamTarget(parsing: text)
    #expect(target.address == address)
    #expect(target.description == written)
    #expect(try StreamTarget(parsing: written) == target)
  }

  @Test(
    "a faulty target is refused with the reason",
    arguments: [
      ("", "is empty"), ("gw1:", "has the port \"\""), ("gw1:0", "has the port \"0\""),
      ("gw1:65536", "has the port \"65536\""), ("gw1:http", "has the port \"http\""),
      ("gw1:-1", "has the port \"-1\""), ("::1", "more than one colon"), (":4710", "names no host"),
      ("[::1", "no closing ]"), ("[::1]x", "after the ]"), ("[gw1]:1", "no IPv6 address"),
      ("http://gw1", "has a slash"), ("gw 1", "has a space"), ("unix:", "names no path"),
      ("unix:/\(String(repeating: "x", count: 200))", "more than 103 bytes"),
    ])
  func refuses(text: String, reason: String) {
    let error = #expect(throws: StreamTargetError.self) { try StreamTarget(parsing: text) }
    #expect("\(error!)".contains(reason))
    #expect("\(error!)".contains("write host, host:port, [IPv6]:port or unix:/path"))
  }

  @Test("a token never shows in a target's text")
  func token() throws {
    #expect(!"\(try StreamTarget(parsing: "gw1", token: "secret"))".contains("secret"))
  }
}
