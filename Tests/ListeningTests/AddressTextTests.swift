import Listening
import NIOCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Where a listener is, in words")
struct AddressTextTests {
  @Test("it is host:port, with brackets around an IPv6 address, or the path of a Unix socket")
  func addressTexts() throws {
    #expect(try SocketAddress(ipAddress: "127.0.0.11", port: 80).addressText == "127.0.0.11:80")
    #expect(try SocketAddress(ipAddress: "::1", port: 4_710).addressText == "[::1]:4710")
    #expect(try SocketAddress(unixDomainSocketPath: "/run/a.sock").addressText == "unix:/run/a.sock")
  }

  @Test("an address that is good on one interface names it")
  func zones() throws {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = UInt16(4_710).bigEndian
    _ = withUnsafeMutableBytes(of: &address.sin6_addr) { inet_pton(AF_INET6, "fe80::1", $0.baseAddress) }
    #expect(SocketAddress(address, host: "").addressText == "[fe80::1]:4710")
    address.sin6_scope_id = 9_999_999
    #expect(SocketAddress(address, host: "").addressText == "[fe80::1%9999999]:4710")
    #if canImport(Glibc)
      // The first interface is loopback.
      address.sin6_scope_id = 1
      #expect(SocketAddress(address, host: "").addressText == "[fe80::1%lo]:4710")
    #endif
  }
}
