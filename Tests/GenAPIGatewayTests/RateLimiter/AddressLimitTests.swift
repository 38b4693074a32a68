import Testing

@testable import GenAPIGateway

@Suite("Limits on addresses")
struct AddressLimitTests {
  private func key(_ address: String?) -> String? {
    var request = Request(service: "s", requestType: "t", requestID: "1")
    request.ipAddress = address.map { .init($0) }
    return RequestKey.field(.ipAddress).value(of: request)?.string
  }

  @Test("an IPv6 client is its network of 64 bits, an IPv4 client its address; anything else is itself")
  func networks() {
    #expect(key("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64")
    #expect(key("2001:db8:1:2::9") == key("2001:db8:1:2:ffff::1"))
    #expect(key("2001:db8:1:3::9") != key("2001:db8:1:2::9"))
    #expect(key("192.0.2.1") == "192.0.2.1")
    #expect(key("::ffff:192.0.2.1") == "192.0.2.1")
    #expect(key("a:name") == "a:name")
    #expect(key(nil) == nil)
  }
}
