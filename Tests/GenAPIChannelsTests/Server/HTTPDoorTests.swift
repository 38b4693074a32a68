import Foundation
import GenAPIGateway
import GenAPITesting
import Locking
import NIOCore
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("The HTTP door (RFC 9112, RFC 6455)")
struct HTTPDoorTests {
  private static let health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

  /// A request for a socket with some of its lines changed.
  private static func upgrade(
    _ changes: [String: String?] = [:], first: String = "GET /socket/websocket?vsn=2.0.0 HTTP/1.1",
    more: [String] = []
  ) -> String {
    let usual = [
      "Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]
    var lines = [first]
    for (name, value) in usual.merging(changes.compactMapValues { $0 }, uniquingKeysWith: { $1 })
    where changes[name] != .some(nil) {
      lines.append("\(name): \(value)")
    }
    return (lines + more).joined(separator: "\r\n") + "\r\n\r\n"
  }

  private static let upgrades: [(String, Int)] = [
    (upgrade(["Host": nil]), 400),
    (upgrade(more: ["Host: localhost"]), 400),
    (upgrade(["Host": "local host"]), 400),
    (upgrade(["Origin": "http://localhost"], more: ["Origin: http://localhost"]), 400),
    (upgrade(["Sec-WebSocket-Key": nil]), 400),
    (upgrade(["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ"]), 400),
    (upgrade(["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZSE="]), 400),
    (upgrade(["Sec-WebSocket-Key": "not base64 at all!!!!!=="]), 400),
    (upgrade(more: ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]), 400),
    (upgrade(["Sec-WebSocket-Version": "8"]), 426),
    (upgrade(["Sec-WebSocket-Version": nil]), 426),
    (upgrade(["Connection": "close"]), 426),
    (upgrade(["Upgrade": nil]), 426),
    (upgrade(first: "POST /socket/websocket?vsn=2.0.0 HTTP/1.1"), 405),
    (upgrade(first: "GET /socket/websocket?vsn=2.0.0 HTTP/1.0"), 400),
    (upgrade(["Content-Length": "3"], more: []), 400),
    (upgrade(["Origin": "http://127.0.0.1.evil.example"]), 403),
    (upgrade(first: "GET /socket/websocket?vsn=9 HTTP/1.1"), 400),
    (upgrade(), 101),
    (upgrade(first: "GET http://localhost/socket/websocket?vsn=2.0.0 HTTP/1.1"), 101),
    // As Phoenix's router has it.
    (upgrade(first: "GET /socket/websocket/?vsn=2.0.0 HTTP/1.1"), 101),
    (upgrade(first: "GET /socket/websocket//?vsn=2.0.0 HTTP/1.1"), 404),
  ]

  @Test("one request of a connection is answered, however many are sent at once")
  func pipelined() async throws {
    try await ServerFixture.with { fixture in
      let text = String(repeating: Self.health, count: 100)
      let answer = try await RawExchange.answer(to: text, port: fixture.port)
      #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test("garbage behind a request changes nothing in its answer, and is none of its own")
  func garbageBehind() async throws {
    try await ServerFixture.with { fixture in
      let answer = try await RawExchange.answer(to: Self.health + "\u{1}\u{2}!!\r\n\r\n", port: fixture.port)
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
      #expect(try await RawExchange.status(of: "\u{1}\u{2}!!\r\n\r\n", port: fixture.port) == 400)
    }
  }

  @Test(
    "a request for a socket that is not as RFC 6455 has it is refused", .timeLimit(.minutes(1)),
    arguments: upgrades)
  func handshakes(_ request: String, _ status: Int) async throws {
    try await ServerFixture.with { fixture in
      let exchange = try await RawExchange.open(port: fixture.port)
      exchange.say(request)
      if status == 101 {
        // A socket ends with its client; who leaves before it is granted has none.
        while fixture.server.statistics.sockets == 0 { try await Task.sleep(for: .milliseconds(5)) }
        exchange.endSending()
      }
      let answer = try await exchange.all()
      exchange.close()
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request)\n\(answer)")
    }
  }

  @Test(
    "plain requests: absolute targets and HTTP/1.0 are understood, other methods, hosts and targets are not",
    arguments: [
      ("GET http://localhost/healthz HTTP/1.1\r\nHost: other\r\n\r\n", 200),
      ("GET HTTP://127.0.0.1:80/healthz?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
      ("GET /healthz HTTP/1.0\r\n\r\n", 200), ("HEAD /healthz HTTP/1.1\r\nHost: [::1]:4700\r\n\r\n", 200),
      ("POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 405),
      ("GET /healthz HTTP/1.1\r\n\r\n", 400), ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
      ("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
      ("GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
      ("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
      ("GET / HTTP/1.0\r\n\r\n", 404), ("GET /readyz HTTP/1.0\r\n\r\n", 200),
      ("OPTIONS / HTTP/1.0\r\n\r\n", 200), ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
      ("OPTIONS /livez HTTP/1.0\r\n\r\n", 200), ("HEAD /livez HTTP/1.0\r\n\r\n", 200),
    ])
  func plain(_ request: String, _ status: Int) async throws {
    try await ServerFixture.with { fixture in
      let found = try await RawExchange.status(of: request, port: fixture.port)
      #expect(found == status, "\(request)")
    }
  }

  @Test("OPTIONS says which methods there are")
  func options() async throws {
    try await ServerFixture.with { fixture in
      let answer = try await RawExchange.answer(to: "OPTIONS / HTTP/1.0\r\n\r\n", port: fixture.port)
      #expect(answer.lowercased().contains("allow: get, head, options\r\n"))
    }
  }

  @Test("where sockets are every other method than GET gets 405, which allows GET and nothing else")
  func socketMethods() async throws {
    try await ServerFixture.with { fixture in
      for method in ["HEAD", "POST", "OPTIONS", "DELETE"] {
        for path in ["/socket/websocket", "/socket/websocket/"] {
          let request = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
          let answer = try await RawExchange.answer(to: request, port: fixture.port)
          #expect(answer.hasPrefix("HTTP/1.1 405 "), "\(method) \(path): \(answer)")
          #expect(answer.lowercased().contains("allow: get\r\n"), "\(answer)")
        }
      }
    }
  }

  @Test(
    "a path with a slash too many is not there, and says which is: a proxy may keep the right one from strangers"
  )
  func trailingSlash() async throws {
    try await ServerFixture.with { fixture in
      for path in ["/livez", "/readyz", "/healthz"] {
        let answer = try await RawExchange.answer(
          to: "GET \(path)/?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n", port: fixture.port)
        #expect(answer.hasPrefix("HTTP/1.1 404 "))
        #expect(answer.contains("not found; \(path) is, without a slash at its end"))
      }
    }
  }

  @Test("a server on loopback answers to the names it was told, and to loopback's")
  func hostNames() async throws {
    try await ServerFixture.with {
      $0.hostNames = ["api.example.org"]
    } _: { fixture in
      for (host, status) in [
        ("api.example.org", 200), ("API.example.org:443", 200), ("127.0.0.1", 200), ("127.9.9.9:80", 200),
        ("[127.0.0.1].evil.example", 421), ("[localhost]evil", 421), ("localhost:80:evil", 421),
        ("127.0.0.1:abc", 421), ("example.org", 421), ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
      ] {
        let request = "GET /healthz HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        let found = try await RawExchange.status(of: request, port: fixture.port)
        #expect(found == status, "\(host)")
      }
    }
    #expect(HostPolicy().allows("anything.example", isLoopback: false, isForSocket: true))
  }

  @Test("a server that others can reach answers health to any address, and sockets to its names only")
  func addressesAsHosts() {
    let policy = HostPolicy(names: ["api.example.org"])
    for host in ["10.1.2.3", "10.1.2.3:4700", "[2001:db8::7]:4700", "api.example.org"] {
      #expect(policy.allows(host, isLoopback: false, isForSocket: false), "\(host)")
    }
    for host in ["evil.example", "10.1.2.3.evil.example", "10.1.2.3:80:1", "[10.1.2.3", "gateway.monitoring"]
    {
      #expect(!policy.allows(host, isLoopback: false, isForSocket: false), "\(host)")
    }
    #expect(!policy.allows("10.1.2.3", isLoopback: false, isForSocket: true))
    #expect(policy.allows("api.example.org", isLoopback: false, isForSocket: true))
    // Only a page on a machine of its own reaches a server on loopback: there nothing but its names is good.
    for isForSocket in [true, false] {
      #expect(!policy.allows("10.1.2.3", isLoopback: true, isForSocket: isForSocket))
    }
    var ofHealth = policy
    ofHealth.guardsLoopbackOnly = true
    #expect(ofHealth.allows("gateway.monitoring", isLoopback: false, isForSocket: false))
    #expect(!ofHealth.allows("gateway.monitoring", isLoopback: true, isForSocket: false))
    #expect(ofHealth.allows("api.example.org", isLoopback: true, isForSocket: false))
  }

  @Test("only loopback itself is an origin of this machine")
  func loopbackOrigins() {
    let policy = OriginPolicy.sameHostOrLoopback
    for origin in ["http://localhost:3000", "http://127.0.0.1", "https://127.4.5.6:1", "http://[::1]:8080"] {
      #expect(policy.allows(origin: origin, host: "api.example.org"), "\(origin)")
    }
    for origin in [
      "http://127.0.0.1.evil.example", "http://127.evil.example", "http://localhost.evil.example",
      "http://127.1", "http://[::2]", "http://evil.example#127.0.0.1", "null",
      "http://127.0.0.1:80@evil", "http://[::1].evil.example", "http://[::1]evil:80", "http://[::1",
    ] {
      #expect(!policy.allows(origin: origin, host: "api.example.org"), "\(origin)")
    }
    let listed = OriginPolicy.list(["https://kate.example"])
    #expect(listed.allows(origin: "https://Kate.example", host: nil))
    // The Kelvin sign, which is a k in lower case.
    #expect(!listed.allows(origin: "https://\u{212A}ate.example", host: nil))
  }

  @Test("who does not take the answer is cut off, as who does not send the request")
  func slowReaders() async throws {
    let body = [UInt8](repeating: 0x61, count: 20_000_000)
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw@test"))
    var configuration = PhoenixServerConfiguration(port: 0)
    configuration.handshakeTimeout = .milliseconds(500)
    configuration.channels.requiresVerifiedUserID = false
    let server = try PhoenixServer(
      gateway: gateway, configuration: configuration, authenticator: AnonymousAuthenticator(),
      routes: ["/large": { _ in HTTPAnswer(body: body) }])
    try await server.start()
    let exchange = try await RawExchange.open(port: server.boundAddress?.port ?? 0)
    try await exchange.setReading(false)
    exchange.say("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    while server.statistics.refused["slow_reader"] == nil { try await Task.sleep(for: .milliseconds(10)) }
    exchange.close()
    await server.stop()
  }

  @Test("a client that leaves without a request is gone at once, and holds no place")
  func leavesAtOnce() async throws {
    try await ServerFixture.with {
      $0.maxConnections = 1
      $0.handshakeTimeout = .seconds(600)
    } _: { fixture in
      for _ in 0..<5 {
        let exchange = try await RawExchange.open(port: fixture.port)
        exchange.say("GET /heal")
        exchange.endSending()
        _ = try await exchange.all()
        exchange.close()
      }
      try await eventually { (try? await fixture.socket()) != nil }
    }
  }

  @Test("an authenticator is asked once a connection, whatever its Upgrade header repeats")
  func repeatedUpgrade() async throws {
    let asked = Mutex(0)
    let fixture = try await ServerFixture(
      authenticator: CustomAuthenticator { _ in
        asked.withLock { $0 += 1 }
        throw AuthenticationRefused("no")
      })
    // As much as a head may have; the loop's stack is not what bounds it.
    for (name, status) in [("websocket", 403), ("x", 426)] {
      let many = Array(repeating: name, count: 60_000 / (name.utf8.count + 1)).joined(separator: ",")
      let found = try await RawExchange.status(of: Self.upgrade(["Upgrade": many]), port: fixture.port)
      #expect(found == status)
    }
    #expect(asked.withLock { $0 } == 1)
    await fixture.server.stop()
  }

  @Test("an answer is made once for all who ask at one time, and again when it is old")
  func cached() async {
    let clock = VirtualClock()
    let made = Mutex(0)
    let cache = AnswerCache(for: .seconds(1), clock: clock) {
      let count = made.withLock { made in
        made += 1
        return made
      }
      try? await clock.sleep(nanoseconds: 10_000_000)
      return HTTPAnswer(text: "\(count)")
    }
    let tasks = (0..<20).map { _ in Task { await cache.answer() } }
    await clock.waitForSleepers()
    clock.advance(by: .milliseconds(10))
    for task in tasks { #expect(await task.value.body == Array("1\n".utf8)) }
    clock.advance(by: .milliseconds(999))
    #expect(await cache.answer().body == Array("1\n".utf8))
    clock.advance(by: .milliseconds(1))
    async let second = cache.answer()
    await clock.waitForSleepers()
    clock.advance(by: .milliseconds(10))
    #expect(await second.body == Array("2\n".utf8))
    #expect(made.withLock { $0 } == 2)
  }
}
