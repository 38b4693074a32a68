import GenAPITLS
import Testing

@testable import GenAPIChannels

@Suite("The URL a client connects to")
struct ClientURLTests {
  @Test("hosts, IPv6 addresses, ports and paths are read, and written into the request as they must be")
  func urls() throws {
    let cases: [(url: String, host: String, port: Int, authority: String, path: String)] = [
      ("ws://127.0.0.1:4700", "127.0.0.1", 4_700, "127.0.0.1:4700", "/socket/websocket"),
      ("ws://gw1", "gw1", 4_700, "gw1:4700", "/socket/websocket"),
      ("WS://gw1/", "gw1", 4_700, "gw1:4700", "/socket/websocket"),
      ("wss://gw1/my/socket", "gw1", 443, "gw1:443", "/my/socket"),
      ("ws://[::1]:4700", "::1", 4_700, "[::1]:4700", "/socket/websocket"),
      ("ws://[::1]", "::1", 4_700, "[::1]:4700", "/socket/websocket"),
      ("wss://[fe80::a:b]:1/x%20y", "fe80::a:b", 1, "[fe80::a:b]:1", "/x%20y"),
    ]
    for (url, host, port, authority, path) in cases {
      let configuration = try PhoenixClientConfiguration(url: url, tls: try TLS.client())
      #expect(configuration.host == host && configuration.port == port, "\(url)")
      #expect(configuration.authority == authority && configuration.path == path, "\(url)")
      #expect((configuration.tls != nil) == url.hasPrefix("wss"), "\(url)")
    }
  }

  @Test("parameters of the URL are the socket's")
  func parameters() throws {
    let configuration = try PhoenixClientConfiguration(url: "ws://h/s?token=a%26b&vsn=1.0.0&x")
    #expect(configuration.parameters == ["token": "a&b", "x": ""] && configuration.vsn == "1.0.0")
    #expect(configuration.uri == "/s?token=a%26b&vsn=1.0.0&x=")
  }

  @Test(
    "what is no URL of a socket is refused with the reason",
    arguments: [
      "", "127.0.0.1:4700", "http://h", "ws://", "ws:///path", "ws://h:0", "ws://h:65536",
      "ws://h:99999999999999999999",
      "ws://[::1", "ws://user:secret@h", "ws://h#x", "wss://nothing-to-encrypt-with",
    ])
  func faults(url: String) {
    #expect(throws: PhoenixURLError.self) { try PhoenixClientConfiguration(url: url) }
  }

  @Test("a socket is opened to an IPv6 address")
  func sixth() async throws {
    try await ServerFixture.with {
      $0.host = "::1"
    } _: { fixture in
      let socket = try await TestSocket.connect(
        PhoenixClientConfiguration(url: "ws://[::1]:\(fixture.port)/socket/websocket"))
      let join = try await socket.join()
      socket.push(ServerFixture.request("echo", ["message": "six"]), joinRef: join)
      #expect(try await socket.message().value?["result"] == "six")
    }
  }
}
