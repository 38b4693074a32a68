import GenAPITesting
import InMemoryLogging
import Logging
import NIOPosix
import Testing

@testable import GenAPIChannels

@Suite("A server whose gateway is not run")
struct GatewayAtRestTests {
  @Test(
    "clients that come find a gateway that nobody runs, and the log says so once, when it had time to begin")
  func told() async throws {
    let (log, clock) = (InMemoryLogHandler(), VirtualClock())
    let fixture = try await ServerFixture(clock: clock, logger: Logger(label: "test") { _ in log })
    func told() -> Int { log.entries.count { "\($0.message)".contains("the gateway is not run") } }
    let hub = ServerHub(
      gateway: fixture.gateway, configuration: PhoenixServerConfiguration(),
      authenticator: ServerFixture.userInQuery,
      routes: [:], logger: Logger(label: "test") { _ in log },
      timeLoop: MultiThreadedEventLoopGroup.singleton.next())
    _ = hub.arrived()
    #expect(told() == 0)
    clock.advance(by: .seconds(5))
    for _ in 0..<3 { _ = hub.arrived() }
    #expect(told() == 1)
    await fixture.server.stop()
  }
}
