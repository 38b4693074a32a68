import NetworkAddress
import TestRandom
import Testing

@Suite("Addresses and blocks of them")
struct AddressTests {
  @Test("an address is read as it is written, and an IPv4 address in IPv6 clothes is the IPv4 address")
  func texts() throws {
    for text in ["0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:2:3:4"] {
      #expect(IPAddress(text)?.description == text)
    }
    #expect(IPAddress("::ffff:192.0.2.1") == IPAddress("192.0.2.1"))
    #expect(IPAddress("2001:DB8:0:0::1")?.description == "2001:db8::1")
    for text in [
      "", " ", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "127.1", "0x7f.0.0.1", "::1%lo", "[::1]",
      ":::",
      "1.2.3.4\0", "example.org", "１.2.3.4", String(repeating: "1", count: 100),
    ] {
      #expect(IPAddress(text) == nil, "\(text)")
    }
  }

  @Test("a client is an IPv4 address, or the network of 64 bits of an IPv6 one")
  func clients() throws {
    func client(_ text: String) throws -> String { try #require(IPAddress(text)).client.description }
    #expect(try client("192.0.2.1") == "192.0.2.1")
    #expect(try client("::ffff:192.0.2.1") == "192.0.2.1")
    #expect(try client("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64")
    #expect(try client("2001:db8:1:2::1") == client("2001:db8:1:2:ffff::1"))
    #expect(try client("2001:db8:1:2::1") != client("2001:db8:1:3::1"))
  }

  @Test("a block is an address with a number of bits, and none behind them are set")
  func blocks() throws {
    func holds(_ block: String, _ address: String) throws -> Bool {
      try #require(AddressBlock(block)).contains(try #require(IPAddress(address)))
    }
    #expect(AddressBlock("10.1.0.0/16")?.description == "10.1.0.0/16")
    #expect(AddressBlock("10.1.2.3")?.description == "10.1.2.3")
    #expect(try holds("10.1.0.0/16", "10.1.255.255"))
    #expect(try !holds("10.1.0.0/16", "10.2.0.0"))
    #expect(try !holds("10.1.0.0/16", "::1"))
    #expect(try holds("0.0.0.0/0", "203.0.113.9"))
    #expect(AddressBlock("10.0.0.0/08") == nil)
    #expect(try !holds("::/0", "203.0.113.9"))
    // In IPv6 clothes too.
    #expect(AddressBlock("::ffff:10.1.0.0/112") == AddressBlock("10.1.0.0/16"))
    #expect(AddressBlock("::ffff:10.1.2.3") == AddressBlock("10.1.2.3"))
    #expect(AddressBlock("::ffff:0:0/96") == AddressBlock("0.0.0.0/0"))
    for text in ["::ffff:10.1.0.0/16", "::ffff:10.1.0.0/95", "::ffff:10.1.0.1/112", "::ffff:10.1.0.0/129"] {
      #expect(AddressBlock(text) == nil, "\(text)")
    }
    for text in [
      "", "/8", "10.1.0.0/", "10.1.0.0/33", "10.1.0.1/16", "::1/64", "10.1.0.0/-1", "10.1.0.0/+8",
      "10.1.0.0/8/8",
      "10.1.0.0/0016", "::/129", "example.org/8", "10.1.0.0/１",
    ] {
      #expect(AddressBlock(text) == nil, "\(text)")
    }
  }

  @Test(
    "an address is in the block that is made of it, whatever its bits, and leaves it with the first bit that differs"
  )
  func bits() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<2_000 {
      let size = Bool.random(using: &random) ? 4 : 16
      let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
      let address = try #require(IPAddress(bytes: bytes))
      let prefix = Int.random(in: 0...address.bytes.count * 8, using: &random)
      let block = AddressBlock(address, prefix: prefix)
      #expect(block.contains(address) && block.contains(block.first))
      #expect(AddressBlock("\(block.first)/\(prefix)") == block && IPAddress("\(address)") == address)
      let bit = Int.random(in: 0..<address.bytes.count * 8, using: &random)
      var changed = address.bytes
      changed[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      // What becomes an IPv4 address in IPv6 clothes is of another kind.
      if let other = IPAddress(bytes: changed), other.isV6 == address.isV6 {
        #expect(block.contains(other) == (bit >= prefix))
      }
    }
  }
}
