import GenAPIGateway
import Locking
import NIOCore
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("A plain answer that takes long")
struct SlowAnswerTests {
  private func serving(
    _ timeout: Duration, _ route: @escaping HTTPRoute,
    _ body: (PhoenixServer, RawExchange) async throws -> Void
  ) async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw@test"))
    var configuration = PhoenixServerConfiguration(port: 0)
    configuration.handshakeTimeout = timeout
    configuration.channels.requiresVerifiedUserID = false
    let server = try PhoenixServer(
      gateway: gateway, configuration: configuration, authenticator: AnonymousAuthenticator(),
      routes: ["/asked": route])
    try await server.start()
    let exchange = try await RawExchange.open(port: server.boundAddress?.port ?? 0)
    try await body(server, exchange)
    exchange.close()
    await server.stop()
  }

  private static let request = "GET /asked HTTP/1.1\r\nHost: localhost\r\n\r\n"

  @Test("to make does not make its client a slow reader")
  func longInMaking() async throws {
    let route: HTTPRoute = { _ in
      try? await Task.sleep(for: .milliseconds(2_500))
      return HTTPAnswer(text: "made")
    }
    // Longer than a busy machine keeps a client from sending its request.
    try await serving(.seconds(1), route) { server, exchange in
      exchange.say(Self.request)
      let answer = try await exchange.all()
      #expect(answer.hasSuffix("made\n"))
      #expect(server.statistics.refused.isEmpty)
    }
  }

  @Test("to read is read to its end, as long as there is some progress")
  func slowProgress() async throws {
    let body = [UInt8](repeating: 0x61, count: 20_000_000)
    try await serving(.milliseconds(1_200), { _ in HTTPAnswer(body: body) }) { server, exchange in
      try await exchange.setReading(false)
      exchange.say(Self.request)
      while try await !exchange.isOver() {
        exchange.readOnce()
        try await Task.sleep(for: .milliseconds(50))
      }
      let answer = try await exchange.all()
      #expect(answer.utf8.count > body.count)
      #expect(server.statistics.refused.isEmpty)
    }
  }
}
