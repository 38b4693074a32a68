import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPIChannels

@Suite("What caused a connection, from its handshake")
struct TraceHandshakeTests {
  private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  private static let other = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00"

  /// The cause of a request on a socket that was asked for like this.
  private func cause(headers: [String: String] = [:], parameters: [String: String] = [:]) async throws
    -> Value?
  {
    let fixture = try await ServerFixture()
    try fixture.gateway.register(
      Endpoint(withRequest: "cause", answer: { (request: Request) in request.trace?.parent ?? "none" }),
      service: "demo")
    let socket = try await TestSocket.connect(port: fixture.port, parameters: parameters, headers: headers)
    let join = try await socket.join()
    socket.push(ServerFixture.request("cause"), joinRef: join)
    let cause = try await socket.message().value?["result"]
    await fixture.server.stop()
    return cause
  }

  @Test("it is in the header, else in the query, and what is malformed is ignored")
  func handshake() async throws {
    #expect(try await cause() == "none")
    #expect(try await cause(headers: ["traceparent": Self.parent]) == .string(ByteText(Self.parent)))
    #expect(try await cause(parameters: ["traceparent": Self.parent]) == .string(ByteText(Self.parent)))
    #expect(
      try await cause(headers: ["traceparent": Self.parent], parameters: ["traceparent": Self.other])
        == .string(ByteText(Self.parent)))
    #expect(try await cause(headers: ["traceparent": "nonsense"]) == "none")
    #expect(try await cause(parameters: ["traceparent": "00-%20"]) == "none")
  }
}
