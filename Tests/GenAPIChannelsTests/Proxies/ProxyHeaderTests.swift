import NetworkAddress
import TestRandom
import Testing

@testable import GenAPIChannels

@Suite("The PROXY protocol")
struct ProxyHeaderTests {
  static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

  /// A header of version 2 for an IPv4 connection.
  static func binary(
    _ command: UInt8 = 0x21, family: UInt8 = 0x11, body: [UInt8] = [192, 0, 2, 1, 10, 0, 0, 1, 1, 2, 3, 4]
  ) -> [UInt8] {
    signature + [command, family, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
  }

  private func line(_ text: String) -> ProxyHeader.Reading { ProxyHeader.read(Array(text.utf8)) }

  @Test("version 1 names the source, or says that it is not known; what follows is not looked at")
  func lines() {
    let text = "PROXY TCP4 192.0.2.1 10.0.0.1 56324 443\r\n"
    #expect(
      line(text + "GET") == .header(ProxyHeader(source: IPAddress("192.0.2.1"), count: text.utf8.count)))
    let six = "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"
    #expect(line(six) == .header(ProxyHeader(source: IPAddress("2001:db8::1"), count: six.utf8.count)))
    // An IPv4 client of a proxy that listens on `::`.
    let mapped = "PROXY TCP6 ::ffff:192.0.2.1 ::ffff:10.0.0.1 1 2\r\n"
    #expect(line(mapped) == .header(ProxyHeader(source: IPAddress("192.0.2.1"), count: mapped.utf8.count)))
    #expect(line("PROXY UNKNOWN\r\n") == .header(ProxyHeader(source: nil, count: 15)))
    #expect(line("PROXY UNKNOWN anything at all\r\n") == .header(ProxyHeader(source: nil, count: 31)))
  }

  @Test(
    "a line that is not exactly right is no header",
    arguments: [
      "GET / HTTP/1.1\r\n", "PROXY\r\n", "PROXY \r\n", "PROXY TCP4\r\n",
      "proxy TCP4 192.0.2.1 10.0.0.1 1 2\r\n",
      "PROXY TCP4 192.0.2.1 10.0.0.1 1 2\n", "PROXY TCP4 192.0.2.1 10.0.0.1 1\r\n",
      "PROXY TCP4 192.0.2.1 10.0.0.1 1 2 3\r\n", "PROXY TCP4 192.0.2.1  10.0.0.1 1 2\r\n",
      "PROXY TCP4 2001:db8::1 ::1 1 2\r\n", "PROXY TCP6 192.0.2.1 10.0.0.1 1 2\r\n",
      "PROXY TCP4 192.0.2.1 10.0.0.1 1 65536\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 -1 2\r\n",
      "PROXY TCP4 192.0.2 10.0.0.1 1 2\r\n", "PROXY UDP4 192.0.2.1 10.0.0.1 1 2\r\n",
      "PROXY TCP4 192.0.2.1 x 1 2\r\n", "PROXY UNKNOWN" + String(repeating: " ", count: 200) + "\r\n",
    ])
  func malformed(_ text: String) { #expect(line(text) == .malformed) }

  @Test("version 2 names the source of IPv4 and IPv6; a proxy's own connection, and other kinds, have none")
  func binaries() {
    #expect(
      ProxyHeader.read(Self.binary() + [1, 2])
        == .header(ProxyHeader(source: IPAddress("192.0.2.1"), count: 28)))
    var six = [UInt8](repeating: 0, count: 36)
    six[0...3] = [0x20, 0x01, 0x0D, 0xB8]
    #expect(
      ProxyHeader.read(Self.binary(family: 0x21, body: six + [3, 0, 1, 9]))
        == .header(ProxyHeader(source: IPAddress("2001:db8::"), count: 56)))
    let mapped =
      [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 1] + [UInt8](repeating: 0, count: 20)
    #expect(
      ProxyHeader.read(Self.binary(family: 0x21, body: mapped))
        == .header(ProxyHeader(source: IPAddress("192.0.2.1"), count: 52)))
    #expect(ProxyHeader.read(Self.binary(0x20)) == .header(ProxyHeader(source: nil, count: 28)))
    #expect(
      ProxyHeader.read(Self.binary(0x20, family: 0, body: [])) == .header(ProxyHeader(source: nil, count: 16))
    )
    #expect(ProxyHeader.read(Self.binary(family: 0x12)) == .header(ProxyHeader(source: nil, count: 28)))
    for wrong in [
      Self.binary(0x11), Self.binary(0x22), Self.binary(body: [1, 2]), Self.binary(family: 0x21),
      Self.binary(body: [UInt8](repeating: 0, count: 5_000)),
    ] { #expect(ProxyHeader.read(wrong) == .malformed) }
  }

  @Test("however many bytes are there, as many more are asked for as a header can have")
  func pieces() {
    for header in [Array("PROXY TCP4 192.0.2.1 10.0.0.1 56324 443\r\n".utf8), Self.binary()] {
      for count in 0..<header.count { #expect(ProxyHeader.read(header[..<count]) == .needsMore, "\(count)") }
    }
    #expect(line("PROXY UNKNOWN" + String(repeating: "x", count: 93)) == .needsMore)
    #expect(line("PROXY UNKNOWN" + String(repeating: "x", count: 94)) == .malformed)
  }

  @Test("any bytes are a header, none, or too few; more bytes behind it change nothing")
  func anything() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<20_000 {
      var bytes = [Array("PROXY TCP4 192.0.2.1 10.0.0.1 56324 443\r\n".utf8), Self.binary()]
        .randomElement(using: &random)!
      for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
        let place = bytes.indices.randomElement(using: &random)!
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place...)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      let reading = ProxyHeader.read(bytes)
      if case .header(let header) = reading {
        #expect(header.count <= bytes.count)
        #expect(ProxyHeader.read(bytes[..<header.count]) == reading)
      }
      if reading != .needsMore { #expect(ProxyHeader.read(bytes + [10, 0, 255]) == reading) }
    }
  }
}
