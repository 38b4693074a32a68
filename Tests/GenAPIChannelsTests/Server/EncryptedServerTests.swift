import GenAPIGateway
import GenAPITLS
import GenAPIValue
import TestCertificates
import Testing

@testable import GenAPIChannels

@Suite("Sockets over TLS")
struct EncryptedServerTests {
  @Test(
    "a client that trusts the certificate makes a round trip; one that does not, and one without TLS, get nothing"
  )
  func roundTrip() async throws {
    let tls = try TestCertificate.first.server()
    try await ServerFixture.with {
      $0.tls = tls
    } _: { fixture in
      var configuration = PhoenixClientConfiguration(host: "localhost", port: fixture.port)
      configuration.tls = try TestCertificate.first.client()
      let socket = try await TestSocket.connect(configuration)
      let join = try await socket.join()
      socket.push(ServerFixture.request("echo", ["message": "sealed"]), joinRef: join)
      #expect(try await socket.message().value?["result"] == "sealed")
      configuration.tls = try TLS.client()
      await #expect(throws: PhoenixClientError.self) { try await TestSocket.connect(configuration) }
      configuration.tls = nil
      await #expect(throws: PhoenixClientError.self) { try await TestSocket.connect(configuration) }
    }
  }
}
