import GenAPIGateway
import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("Shutting down behind a load balancer")
struct DrainTests {
  private let clock = VirtualClock()

  private func fixture(_ change: (inout PhoenixServerConfiguration) -> Void) async throws -> ServerFixture {
    try await ServerFixture(
      {
        // Time is moved far on here.
        $0.idleTimeout = .seconds(86_400)
        change(&$0)
      }, clock: clock)
  }

  private func status(_ path: String, _ fixture: ServerFixture, method: String = "GET") async throws -> Int {
    try await RawExchange.status(of: "\(method) \(path) HTTP/1.0\r\n\r\n", port: fixture.port)
  }

  @Test("at once it is not ready, and for the delay everything else goes on")
  func delay() async throws {
    let fixture = try await fixture { $0.drainDelay = .seconds(60) }
    #expect(try await status("/readyz", fixture) == 200)
    let early = try await fixture.socket()
    async let stopped: Void = fixture.server.stop()
    while try await status("/readyz", fixture) == 200 {}
    #expect(try await status("/readyz", fixture) == 503)
    #expect(try await status("/", fixture, method: "OPTIONS") == 503)
    #expect(try await status("/livez", fixture) == 200)
    let report = try await RawExchange.answer(to: "GET /healthz HTTP/1.0\r\n\r\n", port: fixture.port)
    #expect(report.hasPrefix("HTTP/1.1 200 ") && report.contains("\"status\":\"error\""))
    #expect(report.contains("the gateway shuts down"))
    // Whom the balancer still sends is let in and served.
    for socket in [early, try await fixture.socket()] {
      let join = try await socket.join()
      socket.push(ServerFixture.request("echo", ["message": "served"]), joinRef: join)
      #expect(try await socket.message().value?["result"] == "served")
    }
    await clock.waitForSleepers(of: .milliseconds(60_000))
    clock.advance(by: .milliseconds(60_000))
    #expect(try await early.closeCode() == 1_001)
    await stopped
    await #expect(throws: (any Error).self) { try await fixture.socket() }
  }

  @Test("connections that have asked for nothing, or not taken their answer, hold up no end")
  func resting() async throws {
    let fixture = try await fixture { _ in }
    let silent = try await RawExchange.open(port: fixture.port)
    let half = try await RawExchange.open(port: fixture.port)
    half.say("GET /s")
    let lazy = try await RawExchange.open(port: fixture.port)
    lazy.say("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    // It has its answer, and does not close.
    #expect(try await lazy.all().hasPrefix("HTTP/1.1 200 "))
    try await eventually { fixture.server.statistics.connections >= 2 }
    clock.advance(by: .milliseconds(1_000))
    await fixture.server.stop()
    #expect(fixture.server.statistics.connections == 0)
    #expect(try await silent.all() == "")
    #expect(try await half.all() == "")
    lazy.close()
  }

  @Test("sockets are closed one after the other over the time, and go on until their turn")
  func spread() async throws {
    let fixture = try await fixture { $0.drainSpread = .seconds(10) }
    var sockets: [(socket: TestSocket, join: MessageReference)] = []
    for _ in 0..<10 {
      let socket = try await fixture.socket()
      sockets.append((socket, try await socket.join()))
    }
    let closed = { fixture.server.statistics.closed["shutdown"] ?? 0 }
    async let stopped: Void = fixture.server.stop()
    // The first has its turn at once, and the others are waited for in steps, beside what says how far it is.
    try await eventually { closed() >= 1 }
    await clock.waitForSleepers(of: .milliseconds(10))
    clock.advance(by: .milliseconds(4_000))
    try await eventually { closed() >= 5 }
    var served = 0
    for (socket, join) in sockets {
      socket.push(ServerFixture.request("echo", ["message": "still"]), joinRef: join)
      if case .message(let message)? = await socket.next(), message.value?["result"] == "still" {
        served += 1
      }
    }
    #expect(served == 5)
    await clock.waitForSleepers(of: .milliseconds(10))
    clock.advance(by: .milliseconds(6_000))
    await stopped
    #expect(closed() == 10)
  }

  @Test("a socket with a request under way waits for it at its turn; others need not wait for that")
  func busy() async throws {
    let fixture = try await fixture { $0.drainTimeout = .seconds(20) }
    let (busy, idle) = (try await fixture.socket(), try await fixture.socket())
    let join = try await busy.join()
    _ = try await idle.join()
    busy.push(ServerFixture.request("slowly", ["milliseconds": 500], id: "a"), joinRef: join)
    try await eventually { fixture.gateway.asyncPool.poolState().busy != 0 }
    async let stopped: Void = fixture.server.stop()
    #expect(try await idle.closeCode() == 1_001)
    // Counted a moment after the client is told.
    try await eventually { fixture.server.statistics.sockets <= 1 }
    busy.push(ServerFixture.request("echo", ["message": "late"], id: "b"), joinRef: join)
    let refused = try await busy.message { $0.value?["request_id"] == "b" }
    #expect(refused.value?["error"] == "Service temporarily unavailable")
    #expect(try await busy.message { $0.value?["result"] == "slow" }.value?["request_id"] == "a")
    #expect(try await busy.closeCode() == 1_001)
    await stopped
  }

  @Test("a socket that is closed stays until its client has answered, so that no proxy loses what was said")
  func closingHandshake() async throws {
    let fixture = try await fixture {
      $0.closeAnswer = .seconds(100)
      $0.drainTimeout = .seconds(100)
    }
    let client = try await RawExchange.open(port: fixture.port)
    client.say(
      "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    try await eventually { fixture.server.statistics.sockets == 1 }
    async let stopped: Void = fixture.server.stop()
    try await eventually { try await client.soFar().hasSuffix("the server shuts down") }
    // Masked with zeros. What came too late is not answered, and is no fault.
    client.say(bytes: [0x81, 0x82, 0, 0, 0, 0] + Array("[]".utf8))
    try await Task.sleep(for: .milliseconds(50))
    #expect(try await !client.isOver())
    client.say(bytes: [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9])
    _ = try await client.all()
    client.close()
    await stopped
    #expect(fixture.server.statistics.closed["shutdown"] == 1)
  }

  @Test("a gateway is not ready without functions, nor before its services were asked for theirs")
  func useless() async throws {
    var configuration = GatewayConfiguration(node: "gw")
    configuration.logger.logLevel = .critical
    configuration.pull.services = [
      PullSource(service: "s", nodes: .list(["nowhere@test"]), function: FunctionReference("S", "configs"))
    ]
    let gateway = try Gateway(configuration: configuration, clock: clock)
    let readiness = Readiness(gateway: gateway)
    #expect(readiness.fault == "the gateway is starting")
    #expect(
      gateway.currentState().readiness == ReadinessState(phase: "starting", fault: "the gateway is starting"))
    readiness.begin()
    #expect(readiness.fault == "s was not asked for its functions yet")
    await gateway.puller.pull("s")
    // A dead source is dead behind every gateway; one without any function is of no use.
    #expect(readiness.fault == "no function is known")
    try gateway.register(Endpoint("echo", Argument("message", String.self)) { $0 }, service: "demo")
    #expect(readiness.fault == nil)
    // One that is added later was not part of the start.
    gateway.puller.add(
      PullSource(service: "t", nodes: .list(["nowhere@test"]), function: FunctionReference("T", "configs"))
    )
    #expect(readiness.fault == nil)
    #expect(gateway.currentState().readiness == ReadinessState(phase: "ready"))
    readiness.drain()
    #expect(readiness.fault == "the gateway shuts down")
    #expect(gateway.currentState().readiness == .draining(fault: "the gateway shuts down"))
  }

  @Test("the report can leave a listener; what a balancer asks stays")
  func withoutReport() async throws {
    let fixture = try await fixture { $0.tellsHealth = false }
    #expect(try await status("/healthz", fixture) == 404)
    #expect(try await status("/readyz", fixture) == 200)
    #expect(try await status("/livez", fixture) == 200)
    await fixture.server.stop()
  }
}
