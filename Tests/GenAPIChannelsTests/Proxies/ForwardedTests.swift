import NetworkAddress
import TestRandom
import Testing

@testable import GenAPIChannels

@Suite("Whom proxies speak for in headers")
struct ForwardedTests {
  private func client(
    _ values: [String], from peer: String = "10.0.0.1", header: TrustedProxies.Header = .xForwardedFor
  ) throws -> String {
    let blocks = try ["10.0.0.0/8", "fd00::/8"].map { try #require(AddressBlock($0)) }
    return TrustedProxies(blocks, header: header).client(behind: try #require(IPAddress(peer)), values)
      .description
  }

  @Test("the last address that is no trusted proxy is the client; what stands left of it may be made up")
  func rightmost() throws {
    #expect(try client(["203.0.113.7"]) == "203.0.113.7")
    #expect(try client(["6.6.6.6, 203.0.113.7"]) == "203.0.113.7")
    #expect(try client(["6.6.6.6", "203.0.113.7, 10.0.0.2", "10.0.0.3"]) == "203.0.113.7")
    #expect(try client(["10.0.0.5, 10.0.0.2"]) == "10.0.0.5")
    #expect(try client(["203.0.113.7:4711,[2001:db8::9]:80"]) == "2001:db8::9")
    #expect(try client(["\t 2001:db8::9 "]) == "2001:db8::9")
  }

  @Test("an IPv4 address that is written as an IPv6 one is the IPv4 address, with a port and in brackets too")
  func mapped() throws {
    for text in [
      "::ffff:192.0.2.1", "[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]:5", "[::ffff:c000:201]:5",
      "[0:0:0:0:0:FFFF:192.0.2.1]:5", "10.9.9.9, [::ffff:192.0.2.1]:5, [::ffff:10.0.0.2]:6",
    ] {
      #expect(try client([text]) == "192.0.2.1", "\(text)")
      #expect(try client([text], from: "::ffff:10.0.0.1") == "192.0.2.1", "\(text)")
    }
    for text in ["\"[::ffff:192.0.2.1]:5\"", "\"[::ffff:c000:0201]\"", "[::ffff:192.0.2.1]:5"] {
      #expect(try client(["for=\(text)"], header: .forwarded) == "192.0.2.1", "\(text)")
    }
    for text in ["[192.0.2.1]", "[192.0.2.1]:5", "[::ffff:192.0.2.1]5", "[::ffff:192.0.2.1", "[]", "[:]:5"] {
      #expect(try client([text]) == "10.0.0.1", "\(text)")
    }
  }

  @Test("it is told whether the client is only the proxy because what it said is no address")
  func unnamed() throws {
    let proxies = TrustedProxies([try #require(AddressBlock("10.0.0.0/8"))])
    let proxy = try #require(IPAddress("10.0.0.1"))
    func isUnnamed(_ values: [String], from peer: String = "10.0.0.1") throws -> Bool {
      proxies.reading(behind: try #require(IPAddress(peer)), values).isUnnamed
    }
    #expect(try isUnnamed(["garbage"]) && isUnnamed(["6.6.6.6, unknown, 10.0.0.2"]))
    #expect(proxies.reading(behind: proxy, ["x, 10.0.0.2"]).client.description == "10.0.0.2")
    // What the client made up, what nobody said, and what a stranger says, is nobody's fault.
    #expect(try !isUnnamed(["garbage, 6.6.6.6"]) && !isUnnamed([]) && !isUnnamed(["x"], from: "192.0.2.1"))
  }

  @Test("a peer that is no trusted proxy is the client, whatever it says")
  func untrusted() throws {
    #expect(try client(["6.6.6.6"], from: "192.0.2.1") == "192.0.2.1")
    #expect(try client(["for=6.6.6.6"], from: "2001:db8::1", header: .forwarded) == "2001:db8::1")
  }

  @Test("what is no address hides who is behind it: the proxy that said so is the client")
  func hidden() throws {
    for text in [
      "", " ", ",", "unknown", "_hidden", "1.2.3.4.5", "6.6.6.6, unknown", "6.6.6.6,", "6.6.6.6:", "[::1",
    ] {
      #expect(try client([text]) == "10.0.0.1", "\(text)")
    }
    #expect(try client(["6.6.6.6, nobody, 10.0.0.2"]) == "10.0.0.2")
    #expect(try client([]) == "10.0.0.1")
    #expect(try client(["6.6.6.6"], header: .none) == "10.0.0.1")
  }

  @Test("Forwarded: elements, names in any case, quotes, and other parameters")
  func forwarded() throws {
    func forwarded(_ values: String...) throws -> String { try client(values, header: .forwarded) }
    #expect(try forwarded("for=203.0.113.7") == "203.0.113.7")
    #expect(try forwarded("for=6.6.6.6, For=\"203.0.113.7:80\";proto=https;by=10.0.0.2") == "203.0.113.7")
    #expect(try forwarded("proto=http; for=\"[2001:db8::9]:4711\" ; host=\"a,b;c\\\"\"") == "2001:db8::9")
    #expect(try forwarded("for=203.0.113.7", "for=10.0.0.3") == "203.0.113.7")
    // Elements that say nothing of the client.
    for text in ["", "by=10.0.0.9", "for=unknown", "for=_x", "for=\"_x:_y\"", ";"] {
      #expect(try forwarded("for=6.6.6.6, \(text)") == "10.0.0.1", "\(text)")
    }
  }

  @Test(
    "a field of Forwarded that is malformed anywhere names nobody: a client cannot swallow what a proxy adds")
  func swallowed() throws {
    for text in [
      "for=6.6.6.6;x=\", for=203.0.113.7", "for=6.6.6.6;x=\", for=\"[2001:db8::9]\"",
      "for=\", for=\"203.0.113.7\"",
      "for 6.6.6.6", "for=6.6.6.6 6.6.6.7", "for=6.6.6.6;for=6.6.6.7", "=6.6.6.6", "for=\"6.6.6.6\\",
      "for=6.6.6.6\u{E9}",
    ] {
      #expect(try client([text], header: .forwarded) == "10.0.0.1", "\(text)")
    }
  }

  @Test("a header is looked at so far and no further")
  func bounds() throws {
    let trusted = Array(repeating: "10.0.0.2", count: 1_000).joined(separator: ",")
    #expect(try client(["6.6.6.6," + trusted]) == "10.0.0.2")
    let spaces = String(repeating: " ", count: 100_000)
    #expect(try client(["6.6.6.6,\(spaces)203.0.113.7"]) == "10.0.0.1")
    #expect(try client(["\(spaces),203.0.113.7"]) == "203.0.113.7")
    #expect(ForwardedForHeader.hops(Array(repeating: trusted, count: 50)).count < 1_000)
    #expect(ForwardedHeader.hops([String(repeating: "for=6.6.6.6,", count: 10_000)]) == [nil])
    #expect(ForwardedHeader.hops(Array(repeating: "for=10.0.0.2", count: 10_000)).count <= 400)
  }

  @Test("whatever a client sends, what its trusted proxy adds behind it is what counts, or nobody is named")
  func anything() throws {
    var random = SeededRandom(seed: 3)
    let pieces = [
      "6.6.6.6", "for=", "\"", "\\", ",", ";", " ", "\t", "[", "]", ":", "::1", "10.0.0.2", "unknown", "=",
      "host", "%",
      "\u{301}", "é", "\u{0}", "_", "for=6.6.6.6", "\"[2001:db8::9]\"",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random)!
      }.joined()
      #expect(try client([text + ",203.0.113.7"]) == "203.0.113.7")
      #expect(try client([text, "203.0.113.7"]) == "203.0.113.7")
      #expect(try client([text, "for=203.0.113.7"], header: .forwarded) == "203.0.113.7")
      let added = [",for=203.0.113.7", ", for=\"[2001:db8::7]\";proto=https"].randomElement(using: &random)!
      let found = try client([text + added], header: .forwarded)
      #expect(["203.0.113.7", "2001:db8::7", "10.0.0.1"].contains(found), "\(text + added) is \(found)")
    }
  }
}
