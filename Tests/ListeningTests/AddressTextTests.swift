import Listening
import NIOCore
import Testing

@Suite("Where a listener is, in words")
struct AddressTextTests {
  @Test("it is host:port, with brackets around an IPv6 address, or the path of a Unix socket")
  func addressTexts() throws {
    #expect(try SocketAddress(ipAddress: "127.0.0.11", port: 80).addressText == "127.0.0.11:80")
    #expect(try SocketAddress(ipAddress: "::1", port: 4_710).addressText == "[::1]:4710")
    #expect(try SocketAddress(unixDomainSocketPath: "/run/a.sock").addressText == "unix:/run/a.sock")
  }
}
