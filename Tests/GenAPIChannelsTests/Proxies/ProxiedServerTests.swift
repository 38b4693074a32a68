import GenAPIGateway
import GenAPIValue
import InMemoryLogging
import Locking
import Logging
import NetworkAddress
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("A server behind proxies")
struct ProxiedServerTests {
  /// A server that takes the client's address for the user.
  private func server(
    _ proxies: TrustedProxies, perAddress: Int = 1_000, _ body: (ServerFixture) async throws -> Void
  ) async throws {
    try await ServerFixture.with(
      {
        $0.proxies = proxies
        $0.maxConnectionsPerAddress = perAddress
      },
      authenticator: CustomAuthenticator { ClientIdentity(userID: $0.remoteAddress) }, body)
  }

  private static let loopback = AddressBlock("127.0.0.0/8")!

  /// Who the gateway thinks is there.
  private func address(_ fixture: ServerFixture, _ header: String, _ value: String) async throws -> Value? {
    let socket = try await TestSocket.connect(port: fixture.port, headers: [header: value])
    defer { socket.client.close() }
    let join = try await socket.join()
    socket.push(ServerFixture.request("whoami"), joinRef: join)
    return try await socket.message { $0.value?["result"] != nil }.value?["result"]
  }

  @Test(
    "the client of a trusted proxy is whom the header names; of another header, and of strangers, nothing is believed"
  )
  func headers() async throws {
    func seen(_ proxies: TrustedProxies, _ header: String, _ value: String) async throws -> Value? {
      var seen: Value?
      try await server(proxies) { seen = try await address($0, header, value) }
      return seen
    }
    let trusted = TrustedProxies([Self.loopback])
    #expect(try await seen(trusted, "X-Forwarded-For", "6.6.6.6, 203.0.113.7") == "203.0.113.7")
    #expect(try await seen(trusted, "Forwarded", "for=6.6.6.6") == "127.0.0.1")
    let forwarded = TrustedProxies([Self.loopback], header: .forwarded)
    #expect(try await seen(forwarded, "Forwarded", "for=\"[2001:db8::7]:1\"") == "2001:db8::7")
    #expect(try await seen(TrustedProxies(), "X-Forwarded-For", "6.6.6.6") == "127.0.0.1")
  }

  @Test("that a trusted proxy names clients by what is no address is told, once however often it does")
  func unnamedIsTold() async throws {
    let log = InMemoryLogHandler()
    var logger = Logger(label: "test") { _ in log }
    logger.logLevel = .info
    try await ServerFixture.with(
      { $0.proxies = TrustedProxies([Self.loopback]) },
      authenticator: CustomAuthenticator { ClientIdentity(userID: $0.remoteAddress) }, logger: logger
    ) { fixture in
      for value in ["203.0.113.7", "_hidden, 203.0.113.8"] {
        _ = try await address(fixture, "X-Forwarded-For", value)
      }
      #expect(!log.entries.contains { $0.metadata["value"] != nil })
      for number in 1...5 {
        #expect(try await address(fixture, "X-Forwarded-For", "client\(number)") == "127.0.0.1")
      }
      let told = log.entries.filter { $0.metadata["value"] != nil }
      #expect(told.count == 1 && told.first?.level == .warning)
      #expect(told.first?.metadata["value"] == "client1" && told.first?.metadata["address"] == "127.0.0.1")
      #expect(told.first?.metadata["header"] == "x-forwarded-for")
    }
  }

  @Test("connections are counted by client, not by proxy, and an IPv6 client is its network")
  func counts() async throws {
    try await server(TrustedProxies([Self.loopback]), perAddress: 2) { fixture in
      func connect(_ client: String) async throws -> TestSocket {
        try await TestSocket.connect(port: fixture.port, headers: ["X-Forwarded-For": client])
      }
      var sockets: [TestSocket] = []
      for number in 1...6 { sockets.append(try await connect("203.0.113.\(number)")) }
      sockets.append(try await connect("2001:db8::1"))
      sockets.append(try await connect("2001:db8::2"))
      await #expect(throws: PhoenixClientError.self) { try await connect("2001:db8::3") }
      sockets.append(try await connect("2001:db8:0:1::3"))
      #expect(fixture.server.statistics.refused["address_full"] == 1)
      sockets[6].client.close()
      _ = try? await sockets[6].closeCode()
      // A place is free as soon as the server sees the end.
      var again = try? await connect("2001:db8::3")
      while again == nil { again = try? await connect("2001:db8::3") }
      for socket in sockets + [again!] { socket.client.close() }
    }
  }

  @Test("requests that are never finished take the room of their own client, and of nobody else")
  func halfRequests() async throws {
    try await ServerFixture.with {
      $0.proxies = TrustedProxies([Self.loopback], usesProxyProtocol: true)
      $0.maxConnections = 10
      $0.maxConnectionsPerAddress = 3
      // Only the end of the test ends those that wait.
      $0.handshakeTimeout = .seconds(300)
    } _: { fixture in
      var halves: [RawExchange] = []
      for port in 1...300 {
        let half = try await RawExchange.open(port: fixture.port)
        half.say("PROXY TCP4 203.0.113.1 127.0.0.1 \(port) 80\r\nGET /so")
        halves.append(half)
      }
      // Three are its share, 256 wait for an answer, and the rest are closed.
      try await eventually { fixture.server.statistics.connections == 259 }
      try await eventually { fixture.server.statistics.refused["address_full"] == 300 - 259 }
      let victim = try await RawExchange.open(port: fixture.port)
      victim.say("PROXY TCP4 203.0.113.2 127.0.0.1 1 80\r\n" + Self.upgrade + "\r\n")
      try await eventually { try await victim.soFar().hasPrefix("HTTP/1.1 101") }
      for exchange in halves + [victim] { exchange.close() }
    }
  }

  private static let upgrade =
    "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"

  /// Whom the authenticator, which refuses everybody, was asked about.
  private func asked(_ proxies: TrustedProxies, _ exchange: (Int) async throws -> Void) async throws
    -> [ByteText?]
  {
    let seen = Mutex<[ByteText?]>([])
    let fixture = try await ServerFixture(
      { $0.proxies = proxies },
      authenticator: CustomAuthenticator { request in
        seen.withLock { $0.append(request.remoteAddress) }
        throw AuthenticationRefused("nobody")
      })
    try await exchange(fixture.port)
    await fixture.server.stop()
    return seen.withLock { $0 }
  }

  @Test(
    "the PROXY protocol names the client, in either version, in one piece or byte by byte, with a header behind it or none"
  )
  func proxyProtocol() async throws {
    let line = Array("PROXY TCP4 203.0.113.7 10.0.0.1 1 2\r\n".utf8)
    let proxies = TrustedProxies([Self.loopback], usesProxyProtocol: true)
    let request = Array((Self.upgrade + "X-Forwarded-For: 6.6.6.6\r\n\r\n").utf8)
    let seen = try await asked(proxies) { port in
      for header in [line, ProxyHeaderTests.binary()] {
        let whole = try await RawExchange.open(port: port)
        whole.say(bytes: header + request)
        #expect(try await whole.all().hasPrefix("HTTP/1.1 403"))
        whole.close()
        let dripped = try await RawExchange.open(port: port)
        for byte in header + request { dripped.say(bytes: [byte]) }
        #expect(try await dripped.all().hasPrefix("HTTP/1.1 403"))
        dripped.close()
      }
      // The proxy's own check, and one that came to it through another trusted proxy.
      for (header, forwarded) in [
        ("PROXY UNKNOWN\r\n", ""),
        ("PROXY TCP4 127.0.0.9 10.0.0.1 1 2\r\n", "X-Forwarded-For: 203.0.113.8\r\n"),
      ] {
        #expect(
          try await RawExchange.status(of: header + Self.upgrade + forwarded + "\r\n", port: port) == 403)
      }
    }
    #expect(
      seen == ["203.0.113.7", "203.0.113.7", "192.0.2.1", "192.0.2.1", "127.0.0.1", "203.0.113.8"])
  }

  @Test("a trusted proxy must send the PROXY header, and nobody else may")
  func proxyHeaderIsWanted() async throws {
    let fixture = try await ServerFixture {
      $0.proxies = TrustedProxies([Self.loopback], usesProxyProtocol: true)
    }
    #expect(try await RawExchange.answer(to: Self.upgrade + "\r\n", port: fixture.port) == "")
    #expect(fixture.server.statistics.refused["proxy_header"] == 1)
    await fixture.server.stop()
    let others = try await ServerFixture {
      $0.proxies = TrustedProxies([AddressBlock("10.0.0.0/8")!], usesProxyProtocol: true)
    }
    let line = "PROXY TCP4 203.0.113.7 10.0.0.1 1 2\r\n"
    #expect(try await RawExchange.status(of: line + Self.upgrade + "\r\n", port: others.port) == 400)
    #expect(
      try await RawExchange.status(of: "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", port: others.port) == 421)
    await others.server.stop()
  }
}
