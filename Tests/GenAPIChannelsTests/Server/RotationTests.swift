import GenAPIGateway
import GenAPITLS
import GenAPITelemetry
import GenAPIValue
import Locking
import TestCertificates
import Testing

@testable import GenAPIChannels

@Suite("What changes while sockets are open")
struct RotationTests {
  @Test("a new certificate is shown to who comes from now on; the socket that is open goes on")
  func certificate() async throws {
    let tls = try TestCertificate.first.server()
    try await ServerFixture.with {
      $0.tls = tls
    } _: { fixture in
      func client(_ trusts: TLS) async throws -> TestSocket {
        var configuration = PhoenixClientConfiguration(host: "localhost", port: fixture.port)
        configuration.tls = trusts
        return try await TestSocket.connect(configuration)
      }
      let before = try await client(try TestCertificate.first.client())
      let join = try await before.join()
      fixture.server.replaceTLS(try TestCertificate.second.server())
      let after = try await client(try TestCertificate.second.client())
      _ = try await after.join()
      await #expect(throws: PhoenixClientError.self) { try await client(try TestCertificate.first.client()) }
      before.push(ServerFixture.request("echo", ["message": "still here"]), joinRef: join)
      #expect(try await before.message().value?["result"] == "still here")
      // A certificate with the key of another stays outside.
      #expect(throws: (any Error).self) { try TestCertificate.second.server(keyOf: .first) }
      _ = try await client(try TestCertificate.second.client()).join()
    }
  }

  /// A clock whose wall time a test sets; what waits on it waits for real.
  private final class SetClock: GatewayClock {
    let wall = Mutex<Int64>(0)

    func setSeconds(_ seconds: Int64) { wall.withLock { $0 = seconds * 1_000_000 } }

    func wallMicroseconds() -> Int64 { wall.withLock { $0 } }
    func monotonicNanoseconds() -> Int64 { SystemTime().monotonicNanoseconds() }
    func sleep(nanoseconds: Int64) async throws { try await SystemTime().sleep(nanoseconds: nanoseconds) }
  }

  private func closeCode(ends: Bool, expiresAt: Int64?, now: Int64) async throws -> UInt16? {
    let clock = SetClock()
    clock.wall.withLock { $0 = now * 1_000_000 }
    let fixture = try await ServerFixture(
      { $0.endsWithToken = ends },
      authenticator: CustomAuthenticator { _ in ClientIdentity(userID: "u", expiresAt: expiresAt) },
      clock: clock)
    let socket = try await fixture.socket()
    if ends, let expiresAt, expiresAt <= now {
      let code = try await socket.closeCode()
      // Until the server has seen the end, too.
      await fixture.server.stop()
      #expect(fixture.server.statistics.closed["token_expired"] == 1)
      #expect(fixture.server.statistics.closeCodes[1_008] == 1)
      return code
    }
    _ = try await socket.join()
    await fixture.server.stop()
    return try await socket.closeCode()
  }

  @Test("a socket ends with its token where that is wanted, and where the token ends")
  func tokens() async throws {
    #expect(try await closeCode(ends: true, expiresAt: 100, now: 100) == 1_008)
    #expect(try await closeCode(ends: true, expiresAt: .min, now: 100) == 1_008)
    #expect(try await closeCode(ends: true, expiresAt: 200, now: 100) == 1_001)
    #expect(try await closeCode(ends: true, expiresAt: .max, now: 100) == 1_001)
    #expect(try await closeCode(ends: true, expiresAt: nil, now: 100) == 1_001)
    #expect(try await closeCode(ends: false, expiresAt: 1, now: 100) == 1_001)
  }

  @Test(
    "a socket whose token ends by the wall clock alone, as after a sleep of the machine, ends with it, silent or not",
    arguments: [true, false])
  func clockThatSteps(isSilent: Bool) async throws {
    let clock = SetClock()
    clock.setSeconds(100)
    let fixture = try await ServerFixture(
      {
        $0.endsWithToken = true
        // A silent socket looks at the clock then at the latest; a busy machine is not to make it silent before its token ends.
        if isSilent { $0.idleTimeout = .seconds(1) }
      },
      authenticator: CustomAuthenticator { _ in ClientIdentity(userID: "u", expiresAt: 200) }, clock: clock)
    let socket = try await fixture.socket()
    let join = try await socket.join()
    clock.setSeconds(3_700)
    if !isSilent { socket.push(ServerFixture.request("echo", ["message": "late"]), joinRef: join) }
    #expect(try await socket.closeCode() == 1_008)
    await fixture.server.stop()
    #expect(fixture.server.statistics.closed["token_expired"] == 1)
  }
}
