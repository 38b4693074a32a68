import NetworkAddress
import Testing

@Suite("A host and a port as people write them")
struct HostPortTests {
  @Test(
    "is read, and written the same way",
    arguments: [
      ("gw1", "gw1", nil), ("gw1:99", "gw1", 99), ("192.0.2.1:0", "192.0.2.1", 0), ("[::1]", "::1", nil),
      ("[2001:db8::1]:80", "2001:db8::1", 80), ("[fe80::1%eth0]:65535", "fe80::1%eth0", 65_535),
    ] as [(String, String, Int?)])
  func reads(text: String, host: String, port: Int?) throws {
    let place = try HostPort(text, ports: 0...65_535)
    #expect(place.host == host && place.port == port)
    #expect(place.description == text && HostPort(host: host, port: port) == place)
  }

  @Test("localhost with the dot of the root is localhost, and no other name loses its dot")
  func root() throws {
    for text in ["localhost.", "LocalHost."] {
      let place = try HostPort("\(text):80", ports: 1...65_535)
      #expect(place.host == "localhost" && HostPort.isLoopback(place.host))
    }
    #expect(try HostPort("gw1.example.:80", ports: 1...65_535).host == "gw1.example.")
  }

  @Test(
    "is refused with what is wrong",
    arguments: [
      ("", .noHost), (":80", .noHost), ("[::1", .noClosingBracket), ("[gw1]:80", .noAddressInBrackets),
      ("[]:80", .noAddressInBrackets), ("::1:80", .severalColons), ("[::1]80", .behindBracket("80")),
      ("[::1][::2]:80", .behindBracket("[::2]:80")), ("gw1:", .port("")), ("gw1:0", .port("0")),
      ("gw1:65536", .port("65536")), ("gw1:+80", .port("+80")), ("gw1:-1", .port("-1")),
      ("gw1: 80", .port(" 80")), ("gw1:٣", .port("٣")),
      ("gw1:99999999999999999999", .port("99999999999999999999")),
    ] as [(String, HostPort.Fault)])
  func refuses(text: String, fault: HostPort.Fault) {
    #expect(throws: fault) { try HostPort(text, ports: 1...65_535) }
  }

  @Test("an address is written with brackets once, however it was given")
  func brackets() {
    #expect(HostPort(host: "[::1]", port: 80).description == "[::1]:80")
    #expect(HostPort.withoutBrackets("[::1]") == "::1" && HostPort.withoutBrackets("gw[1]") == "gw[1]")
  }

  @Test(
    "this machine is meant by what no name server can point elsewhere",
    arguments: [
      ("localhost", true), ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("[::1]", true),
      ("::ffff:127.0.0.1", true), ("127.example.org", false), ("127.0.0.1.example.org", false),
      ("localhost.example.org", false), ("10.0.0.1", false), ("::2", false), ("0.0.0.0", false), ("", false),
    ])
  func loopback(host: String, isLoopback: Bool) { #expect(HostPort.isLoopback(host) == isLoopback) }
}
